package io.fairlead.explain.read.iptables;

import io.fairlead.explain.read.ReadException;
import java.util.ArrayList;
import java.util.List;

/** The words of one line: separated by blanks, quoted by double quotes, escaped by a backslash. */
final class Words {
    private final List<String> words = new ArrayList<>();
    private int next;

    /**
     * Splits a line.
     *
     * @param number the number of the line, for errors
     * @throws ReadException if a quotation has no end
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

    /** Returns the next word without taking it; "" after the last one. */
    String peek() {
        return more() ? words.get(next) : "";
    }

    /** Returns the next word; "" after the last one. */
    String take() {
        return more() ? words.get(next++) : "";
    }

    /** Returns the words from one position to the next word, as text. */
    String text(int from) {
        return String.join(" ", words.subList(from, next));
    }

    int position() {
        return next;
    }
}
