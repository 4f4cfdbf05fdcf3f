package io.fairlead.nftables.write;

import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.nft.rule.Comment;

/**
 * What nft stores beside an object for its own listings, and the kernel does not read: comments, and what "typeof"
 * said. Each piece is a type, a length of 8 bits and a value; numbers have the machine's byte order. The numbers are
 * those of libnftnl and nft; they have not changed from nft 1.0.1 to 1.1.7.
 */
final class UserData {
    /** The type of a comment, for all objects except sets. */
    static final int COMMENT = 0;

    static final int SET_KEY_BYTE_ORDER = 0;
    static final int SET_DATA_BYTE_ORDER = 1;
    static final int SET_MERGE_ELEMENTS = 2;
    static final int SET_KEY_TYPEOF = 3;
    static final int SET_DATA_TYPEOF = 4;
    static final int SET_DATA_INTERVAL = 6;
    static final int SET_COMMENT = 7;

    /** The number of nft for no byte order: that of a concatenation, whose parts have their own. */
    static final int NO_BYTE_ORDER = 0;

    static final int HOST_BYTE_ORDER = 1;
    static final int NETWORK_BYTE_ORDER = 2;

    /** The type of the flags of an element. */
    static final int ELEMENT_FLAGS = 1;

    /** The flag of the last range of a set if no element ends it. */
    static final int ELEMENT_OPEN_INTERVAL = 1;

    private UserData() {}

    /** Writes an attribute with a comment; nothing if there is none. */
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
