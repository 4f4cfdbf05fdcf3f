package io.fairlead.cluster.connection;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One block of a PEM text (RFC 7468).
 *
 * @param label the text after BEGIN, for example CERTIFICATE
 * @param encrypted whether the headers of the block say that the content is encrypted (the format of OpenSSL before
 *     1.0)
 * @param base64 the base64 text of the content, without line ends
 */
record PemBlock(String label, boolean encrypted, String base64) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /**
     * Returns the blocks of a text in the order of the text. Text between blocks, truncated blocks, and blocks that are
     * not base64 are skipped.
     */
    static List<PemBlock> read(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        Iterator<String> lines = text.lines().map(String::strip).iterator();
        while (lines.hasNext()) {
            Optional<String> label = label(lines.next(), BEGIN);
            while (label.isPresent()) {
                label = readBlock(label.get(), lines, blocks);
            }
        }
        return blocks;
    }

    /**
     * Reads the rest of a block and adds the block to the list. If another block starts before the end of this block,
     * returns the label of the other block; otherwise returns empty.
     */
    private static Optional<String> readBlock(String label, Iterator<String> lines, List<PemBlock> blocks) {
        StringBuilder body = new StringBuilder();
        boolean encrypted = false;
        while (lines.hasNext()) {
            String line = lines.next();
            Optional<String> next = label(line, BEGIN);
            if (next.isPresent()) {
                return next;
            }
            if (line.equals(END + label + DASHES)) {
                add(new PemBlock(label, encrypted, body.toString()), blocks);
                return Optional.empty();
            }
            if (line.contains(":")) {
                encrypted |= line.startsWith("Proc-Type:") && line.contains("ENCRYPTED");
            } else {
                body.append(line);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> label(String line, String start) {
        return line.startsWith(start) && line.endsWith(DASHES) && line.length() >= start.length() + DASHES.length()
                ? Optional.of(line.substring(start.length(), line.length() - DASHES.length()))
                : Optional.empty();
    }

    private static void add(PemBlock block, List<PemBlock> blocks) {
        try {
            block.content();
            blocks.add(block);
        } catch (IllegalArgumentException _) {
            // A block that is not base64 is skipped.
        }
    }

    /** Returns the decoded content. */
    byte[] content() {
        return Base64.getDecoder().decode(base64);
    }
}
