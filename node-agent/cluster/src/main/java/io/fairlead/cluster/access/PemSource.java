package io.fairlead.cluster.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** PEM text and its source. */
public sealed interface PemSource {

    /** A file, which other programs may replace at any time. */
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

    /** Text inside the kubeconfig. */
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

    /** Returns the field, and the file if there is one, for messages. */
    String name();

    /** Returns the current text. */
    String read() throws IOException;
}
