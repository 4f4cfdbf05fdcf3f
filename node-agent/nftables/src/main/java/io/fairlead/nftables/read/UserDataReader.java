package io.fairlead.nftables.read;

import io.fairlead.nft.rule.Comment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads what nft stores beside an object: pieces of a type, a length of 8 bits and a value. */
final class UserDataReader {
    /** The type of a comment, for all objects except sets. */
    static final int COMMENT = 0;

    private UserDataReader() {}

    /** Returns the pieces; what follows a malformed one is ignored, since any program may store what it likes. */
    static Map<Integer, Bytes> pieces(byte[] data) {
        Map<Integer, Bytes> pieces = new HashMap<>();
        int at = 0;
        while (at + 2 <= data.length) {
            int length = data[at + 1] & 0xff;
            if (at + 2 + length > data.length) {
                break;
            }
            pieces.putIfAbsent(data[at] & 0xff, new Bytes(Arrays.copyOfRange(data, at + 2, at + 2 + length)));
            at += 2 + length;
        }
        return pieces;
    }

    /** Returns the comment nearest to the one that is stored. */
    static Comment comment(Map<Integer, Bytes> pieces, int type) {
        Bytes text = pieces.get(type);
        return text == null ? Comment.NONE : Comment.nearest(text.text());
    }
}
