package io.fairlead.cluster.objects;

import java.util.regex.Pattern;

/**
 * Checks names as the API server checks them, and quotes texts for messages. A name that fails the check is never
 * written into the comment of a rule or into the name of a chain.
 */
final class Names {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?");

    private Names() {}

    /** Returns whether the text can name a namespace, a Service or a port: an RFC 1123 label of up to 63 characters. */
    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /**
     * Returns whether the text can name any other object: up to 253 characters that an RFC 1123 subdomain may have.
     * Unlike the API server, it accepts an empty part between two dots, and a hyphen beside a dot.
     */
    static boolean isSubdomain(String text) {
        return SUBDOMAIN.matcher(text).matches();
    }

    /** Returns the text in double quotes, shortened and escaped as by {@link #escaped}. */
    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /**
     * Returns the first 80 characters of the text, with "..." if the text is longer. Quotes, backslashes, control
     * characters and invisible formatting characters are escaped, because they could mislead a terminal or a reader.
     */
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
