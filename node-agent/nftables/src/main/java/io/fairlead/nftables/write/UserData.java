package io.fairlead.nftables.write;

import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.nft.rule.Comment;

/**
 * Writes user data: what nft stores with an object for its own listings, such as comments and "typeof" expressions. The
 * kernel does not read it. User data consist of pieces; a piece has a type of 8 bits, a length of 8 bits and a value.
 * Numbers are in the machine's byte order. The constants are those of libnftnl and nft, and are the same from nft 1.0.1
 * to 1.1.7.
 */
final class UserData {
    /** The type of the piece with a comment, for all objects except sets. */
    static final int COMMENT = 0;

    static final int SET_KEY_BYTE_ORDER = 0;
    static final int SET_DATA_BYTE_ORDER = 1;
    static final int SET_MERGE_ELEMENTS = 2;
    static final int SET_KEY_TYPEOF = 3;
    static final int SET_DATA_TYPEOF = 4;
    static final int SET_DATA_INTERVAL = 6;
    static final int SET_COMMENT = 7;

    /** nft's number for a type without a byte order: a concatenation, in which each part has its own byte order. */
    static final int NO_BYTE_ORDER = 0;

    static final int HOST_BYTE_ORDER = 1;
    static final int NETWORK_BYTE_ORDER = 2;

    /** The type of the piece with the flags of an element. */
    static final int ELEMENT_FLAGS = 1;

    /** The flag of a range that has no end element, because it includes the last address of the family. */
    static final int ELEMENT_OPEN_INTERVAL = 1;

    private UserData() {}

    /** Writes an attribute with a comment. Writes nothing if the comment is empty. */
    static void comment(int attribute, Comment comment, MessageWriter out) {
        if (!comment.isEmpty()) {
            int start = out.attribute(attribute);
            putComment(COMMENT, comment, out);
            out.close(start);
        }
    }

    /** Adds a comment to the value of an attribute. */
    static void putComment(int type, Comment comment, MessageWriter out) {
        out.put8(type);
        out.put8(comment.text().length() + 1);
        out.put(comment.text());
        out.put8(0);
    }

    /** Adds a number to the value of an attribute. */
    static void putNumber(int type, int number, MessageWriter out) {
        out.put8(type);
        out.put8(Integer.BYTES);
        out.put32Host(number);
    }
}
