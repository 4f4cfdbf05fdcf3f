package io.fairlead.cluster.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The source of a PEM text, which contains certificates or keys. */
public sealed interface PemSource {

    /** A file with PEM text. Other programs may replace the file at any time. */
    record InFile(String field, Path path) implements PemSource {
        @Override
        public String name() {
            return field + " " + path;
        }

        @Override
        public String read() throws IOException {
            // PEM is ASCII; comments between its blocks may be in any encoding.
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        }
    }

    /** PEM text inside the kubeconfig. */
    record InText(String field, String text) implements PemSource {
        @Override
        public String name() {
            return field;
        }

        @Override
        public String read() {
            return text;
        }
    }

    /**
     * Returns the name of the field that contains the text or the path, and the path of the file if there is one. The
     * result is used in messages.
     */
    String name();

    /** Returns the current text. A file is read again by each call. */
    String read() throws IOException;
}
