package io.fairlead.nft.text;

import io.fairlead.core.net.Protocol;

/** Parses numbers, times and protocols as nft prints them. */
final class Numbers {
    private Numbers() {}

    static int parse(String word) {
        try {
            return word.startsWith("0x")
                    ? Integer.parseUnsignedInt(word, 2, word.length(), 16)
                    : Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new NotOursException(word);
        }
    }

    static String mark(int bits) {
        return String.format("0x%08x", bits);
    }

    /** Parses the name of a protocol, or its number. nft prints the number on a host without /etc/protocols. */
    static Protocol protocol(String word) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.text().equals(word)
                    || Integer.toString(protocol.number()).equals(word)) {
                return protocol;
            }
        }
        throw new NotOursException(word);
    }

    /** Returns the number of seconds for a text such as "3h", "1m30s" or "10800s". */
    static int seconds(String word) {
        int total = 0;
        int number = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= '0' && c <= '9') {
                number = number * 10 + (c - '0');
            } else {
                total += number * unit(word, c);
                number = 0;
            }
        }
        if (number != 0 || total == 0) {
            throw new NotOursException(word);
        }
        return total;
    }

    private static int unit(String word, char c) {
        return switch (c) {
            case 'd' -> 86_400;
            case 'h' -> 3_600;
            case 'm' -> 60;
            case 's' -> 1;
            default -> throw new NotOursException(word);
        };
    }
}
