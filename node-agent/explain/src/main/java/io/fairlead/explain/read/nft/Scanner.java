package io.fairlead.explain.read.nft;

import io.fairlead.explain.read.ReadException;
import java.util.ArrayList;
import java.util.List;

/** Splits the text of nft into tokens. */
final class Scanner {
    private static final String SYMBOLS = "{}(),=!<>&|^";
    private static final List<String> DOUBLE = List.of("==", "!=", "<=", ">=", "<<", ">>");

    private final String text;
    private int position;
    private int line = 1;
    private int lineStart;
    private final List<Token> tokens = new ArrayList<>();

    private Scanner(String text) {
        this.text = text;
    }

    static List<Token> scan(String text) {
        Scanner scanner = new Scanner(text);
        while (scanner.position < text.length()) {
            scanner.next();
        }
        scanner.add(Token.Kind.END, "", scanner.position);
        return scanner.tokens;
    }

    private void next() {
        char c = text.charAt(position);
        int start = position;
        if (c == '\n' || c == ';') {
            position++;
            add(Token.Kind.END, "", start);
            if (c == '\n') {
                line++;
                lineStart = position;
            }
        } else if (c == '\\' && position + 1 < text.length() && text.charAt(position + 1) == '\n') {
            position += 2;
            line++;
            lineStart = position;
        } else if (Character.isWhitespace(c)) {
            position++;
        } else if (c == '#') {
            int end = text.indexOf('\n', position);
            position = end < 0 ? text.length() : end;
            add(Token.Kind.NOTE, text.substring(start + 1, position).strip(), start);
        } else if (c == '"') {
            int end = text.indexOf('"', position + 1);
            if (end < 0) {
                throw new ReadException(line, start - lineStart + 1, "a quotation has no end");
            }
            position = end + 1;
            add(Token.Kind.QUOTED, text.substring(start + 1, end), start);
        } else if (SYMBOLS.indexOf(c) >= 0) {
            String two = text.substring(position, Math.min(text.length(), position + 2));
            position += DOUBLE.contains(two) ? 2 : 1;
            add(Token.Kind.SYMBOL, text.substring(start, position), start);
        } else {
            // nft 1.0.6 lists no space around the colon between two maps: "map @addresses:ip saddr map @ports".
            boolean colon = c == ':' && position + 1 < text.length() && Character.isLetter(text.charAt(position + 1));
            while (position < text.length()
                    && isInWord(text.charAt(position))
                    && !(position > start && (colon || (c == '@' && text.charAt(position) == ':')))) {
                position++;
            }
            add(Token.Kind.WORD, text.substring(start, position), start);
        }
    }

    private static boolean isInWord(char c) {
        return !Character.isWhitespace(c) && c != ';' && c != '"' && c != '#' && SYMBOLS.indexOf(c) < 0;
    }

    private void add(Token.Kind kind, String content, int start) {
        tokens.add(new Token(kind, content, line, start - lineStart + 1));
    }
}
