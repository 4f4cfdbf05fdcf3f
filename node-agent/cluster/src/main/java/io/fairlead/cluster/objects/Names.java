package io.fairlead.cluster.objects;

import java.util.regex.Pattern;

/** Which names the API server lets through; nothing else may get into a rule's comment or a chain's name. */
final class Names {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?");

    private Names() {}

    /** A namespace, a Service or a port: RFC 1123 label, up to 63 characters. */
    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** Any other object: RFC 1123 subdomain, up to 253 characters. */
    static boolean isSubdomain(String text) {
        return SUBDOMAIN.matcher(text).matches();
    }

    /** The text in quotes, escaped. */
    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** The text with everything escaped that could mislead a terminal or a reader; cut at 80 characters. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(80).forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(text.codePointCount(0, text.length()) > 80 ? "..." : "")
                .toString();
    }
}
