package io.fairlead.ui;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a form, or of a link, in the query of a request. If a field is repeated, its first value counts. */
record Query(Map<String, String> fields) {
    /** Parses a query. A part that is not correctly encoded is ignored. */
    static Query of(String raw) {
        Map<String, String> fields = new TreeMap<>();
        for (String part : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                try {
                    fields.putIfAbsent(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
                } catch (IllegalArgumentException _) {
                    // A percent sign without two hexadecimal digits. No link of the page contains one.
                }
            }
        }
        return new Query(fields);
    }

    /** Returns the value of a field without spaces at its ends; "" if it is missing. */
    String get(String name) {
        return fields.getOrDefault(name, "").strip();
    }

    /** Returns the value of a field that is a number of 1 or more; 1 if it is missing or is no such number. */
    int number(String name) {
        String text = get(name);
        return text.matches("[1-9][0-9]{0,6}") ? Integer.parseInt(text) : 1;
    }

    /** Returns a path with a query. The arguments are names and values in turn. */
    static String link(String path, String... fields) {
        StringBuilder link = new StringBuilder(path);
        for (int i = 0; i < fields.length; i += 2) {
            link.append(i == 0 ? '?' : '&').append(fields[i]).append('=').append(encoded(fields[i + 1]));
        }
        return link.toString();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
