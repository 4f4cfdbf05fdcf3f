package io.fairlead.iptables.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line of iptables-save into words. Words are separated by spaces. A word may be enclosed in double quotes;
 * inside the quotes, a backslash escapes the next character.
 */
final class Tokens {
    private final List<String> words;
    private int next;

    private Tokens(List<String> words) {
        this.words = words;
    }

    static Tokens of(String line, int from) {
        List<String> words = new ArrayList<>(24);
        int i = from;
        int length = line.length();
        while (i < length) {
            char c = line.charAt(i);
            if (c == ' ') {
                i++;
            } else if (c == '"') {
                i = quotation(line, i + 1, words);
            } else {
                int end = line.indexOf(' ', i);
                end = end < 0 ? length : end;
                words.add(line.substring(i, end));
                i = end;
            }
        }
        return new Tokens(words);
    }

    private static int quotation(String line, int from, List<String> words) {
        int plainEnd = line.indexOf('"', from);
        int escape = line.indexOf('\\', from);
        if (plainEnd >= 0 && (escape < 0 || escape > plainEnd)) {
            words.add(line.substring(from, plainEnd));
            return plainEnd + 1;
        }
        StringBuilder word = new StringBuilder();
        int i = from;
        while (i < line.length() && line.charAt(i) != '"') {
            if (line.charAt(i) == '\\' && i + 1 < line.length()) {
                i++;
            }
            word.append(line.charAt(i++));
        }
        words.add(word.toString());
        return i + 1;
    }

    boolean more() {
        return next < words.size();
    }

    /** Returns the next word; "" if there is none. */
    String take() {
        return next < words.size() ? words.get(next++) : "";
    }
}
