package io.fairlead.explain.read.iptables;

import io.fairlead.explain.read.ReadException;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of one line. They are separated by white space; a word may be in double quotes, in which a backslash
 * escapes a character.
 */
final class Words {
    private final List<String> words = new ArrayList<>();
    private int next;

    /**
     * Splits a line.
     *
     * @param number the number of the line, for the messages of errors
     * @throws ReadException if a closing quotation mark is missing
     */
    Words(String line, int number) {
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
                continue;
            }
            StringBuilder word = new StringBuilder();
            int start = i;
            boolean quoted = false;
            while (i < line.length() && (quoted || !Character.isWhitespace(line.charAt(i)))) {
                c = line.charAt(i);
                if (c == '\\' && quoted && i + 1 < line.length()) {
                    word.append(line.charAt(++i));
                } else if (c == '"') {
                    quoted = !quoted;
                } else {
                    word.append(c);
                }
                i++;
            }
            if (quoted) {
                throw new ReadException(number, start + 1, "a quotation has no end");
            }
            words.add(word.toString());
        }
    }

    boolean more() {
        return next < words.size();
    }

    /** Returns the next word without consuming it; "" after the last word. */
    String peek() {
        return more() ? words.get(next) : "";
    }

    /** Consumes and returns the next word; "" after the last word. */
    String take() {
        return more() ? words.get(next++) : "";
    }

    /** Returns the consumed words from a position on, separated by spaces. */
    String text(int from) {
        return String.join(" ", words.subList(from, next));
    }

    int position() {
        return next;
    }
}
