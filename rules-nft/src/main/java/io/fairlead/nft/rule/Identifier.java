package io.fairlead.nft.rule;

/**
 * Checks the name of an object. The kernel and the scanner of nft must accept the name (nft 1.0.6; the limit of the
 * kernel is 255 bytes).
 */
final class Identifier {
    private static final int LONGEST = 255;

    private Identifier() {}

    static void check(String text) {
        if (!isOne(text)) {
            throw new IllegalArgumentException("not a name that nft accepts: \"" + text + "\"");
        }
    }

    static boolean isOne(String text) {
        boolean fits = !text.isEmpty() && text.length() <= LONGEST && startsName(text.charAt(0));
        for (int i = 1; fits && i < text.length(); i++) {
            fits = continuesName(text.charAt(i));
        }
        return fits;
    }

    private static boolean startsName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
    }

    private static boolean continuesName(char c) {
        return startsName(c) || (c >= '0' && c <= '9') || c == '-' || c == '/';
    }
}
