package io.fairlead.nftables.read;

import io.fairlead.nft.rule.Comment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the user data that nft stores with an object. User data consist of pieces; a piece has a type of 8 bits, a
 * length of 8 bits and a value.
 */
public final class UserDataReader {
    /** The type of the piece with a comment, for all objects except sets. */
    public static final int COMMENT = 0;

    private UserDataReader() {}

    /**
     * Returns the pieces by type. A malformed piece and everything after it are ignored, because programs other than
     * nft may store any bytes.
     */
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

    /** Returns the text of a piece; "" if there is none. */
    public static String text(byte[] data, int type) {
        Bytes text = pieces(data).get(type);
        return text == null ? "" : text.text();
    }

    /** Returns a number of 32 bits; 0 if there is none. */
    public static int number(byte[] data, int type) {
        Bytes number = pieces(data).get(type);
        return number == null ? 0 : number.u32Host(0);
    }

    /** Returns the stored comment. Characters that a comment of Fairlead cannot have are replaced. */
    static Comment comment(Map<Integer, Bytes> pieces, int type) {
        Bytes text = pieces.get(type);
        return text == null ? Comment.NONE : Comment.nearest(text.text());
    }
}
