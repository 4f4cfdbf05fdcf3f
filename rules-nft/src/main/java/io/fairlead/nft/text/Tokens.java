package io.fairlead.nft.text;

import java.util.ArrayList;
import java.util.List;

/** Splits a rule into words. */
final class Tokens {
    private final List<String> words;
    private int next;

    private Tokens(List<String> words) {
        this.words = words;
    }

    /**
     * Splits a line at blanks. Quoted strings keep their quotes. A brace, a comma, a semicolon, and a colon after the
     * name of a map are words of their own.
     */
    static Tokens of(String line) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c <= ' ') {
                i++;
                continue;
            }
            boolean afterName = c == ':' && !words.isEmpty() && words.getLast().startsWith("@");
            int end = afterName ? i + 1 : end(line, i);
            words.add(line.substring(i, end));
            i = end;
        }
        return new Tokens(words);
    }

    private static int end(String line, int start) {
        char first = line.charAt(start);
        if (first == '"') {
            int quote = line.indexOf('"', start + 1);
            return quote < 0 ? line.length() : quote + 1;
        }
        if (alone(first)) {
            return start + 1;
        }
        int end = start + 1;
        while (end < line.length()) {
            char c = line.charAt(end);
            if (c <= ' ' || alone(c) || (c == ':' && first == '@')) {
                break;
            }
            end++;
        }
        return end;
    }

    private static boolean alone(char c) {
        return c == '{' || c == '}' || c == ',' || c == ';';
    }

    boolean hasNext() {
        return next < words.size();
    }

    /** Returns the next word without consuming it; "" if there is no more word. */
    String peek() {
        return hasNext() ? words.get(next) : "";
    }

    /** Returns whether the word after the next word equals {@code word}. */
    boolean peekSecond(String word) {
        return next + 1 < words.size() && words.get(next + 1).equals(word);
    }

    String take() {
        if (!hasNext()) {
            throw new NotOursException("ends early");
        }
        return words.get(next++);
    }

    /** Consumes the next word if it equals {@code word}. Returns whether it did. */
    boolean takeIf(String word) {
        if (peek().equals(word)) {
            next++;
            return true;
        }
        return false;
    }

    void expect(String... expected) {
        for (String word : expected) {
            if (!takeIf(word)) {
                throw new NotOursException(peek());
            }
        }
    }

    int takeInt() {
        return Numbers.parse(take());
    }

    String takeQuoted() {
        String word = take();
        if (word.length() < 2 || !word.startsWith("\"") || !word.endsWith("\"")) {
            throw new NotOursException(word);
        }
        return word.substring(1, word.length() - 1);
    }
}
