package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.nft.rule.Comment;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map as the kernel reports it.
 *
 * @param data the data of a map's element; null for a set, and if the data are a verdict
 * @param verdict the verdict of a map's element; null for a set, and if the data are not a verdict
 * @param ends whether the element ends an interval. Its key is then the first key after the interval
 * @param special whether the element has a part that Fairlead never writes, for example a counter
 */
record RawElement(
        Bytes key, @Nullable Bytes data, @Nullable RawVerdict verdict, boolean ends, boolean special, Comment comment) {

    private static final int NFTA_SET_ELEM_TIMEOUT = 4;
    private static final int NFTA_SET_ELEM_EXPIRATION = 5;
    private static final int NFTA_SET_ELEM_PAD = 8;

    /** Reads one element from the list NFTA_SET_ELEM_LIST_ELEMENTS. */
    static RawElement read(Attributes element) {
        Bytes key = Bytes.NONE;
        Bytes data = null;
        RawVerdict verdict = null;
        boolean ends = false;
        boolean special = false;
        Comment comment = Comment.NONE;
        while (element.next()) {
            switch (element.type()) {
                case NFTA_SET_ELEM_KEY -> key = value(element.nested());
                case NFTA_SET_ELEM_DATA -> {
                    Attributes inside = element.nested();
                    while (inside.next()) {
                        switch (inside.type()) {
                            case NFTA_DATA_VALUE -> data = new Bytes(inside.bytes());
                            case NFTA_DATA_VERDICT -> verdict = RawVerdict.read(inside.nested());
                            default -> {}
                        }
                    }
                }
                case NFTA_SET_ELEM_FLAGS -> {
                    ends = (element.u32() & NFT_SET_ELEM_INTERVAL_END) != 0;
                    special |= (element.u32() & ~NFT_SET_ELEM_INTERVAL_END) != 0;
                }
                case NFTA_SET_ELEM_USERDATA ->
                    comment = UserDataReader.comment(UserDataReader.pieces(element.bytes()), UserDataReader.COMMENT);
                case NFTA_SET_ELEM_TIMEOUT, NFTA_SET_ELEM_EXPIRATION, NFTA_SET_ELEM_PAD -> {}
                default -> special = true;
            }
        }
        return new RawElement(key, data, verdict, ends, special, comment);
    }

    /** Returns the attribute NFTA_DATA_VALUE; no bytes if it is missing. */
    static Bytes value(Attributes data) {
        while (data.next()) {
            if (data.type() == NFTA_DATA_VALUE) {
                return new Bytes(data.bytes());
            }
        }
        return Bytes.NONE;
    }
}
