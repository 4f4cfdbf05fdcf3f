package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map as the kernel reports it. Its counters and time-outs are not read, because they do not
 * decide whether a packet matches.
 *
 * @param last the last key of a range of concatenations; null if the element is no such range
 * @param data the data of a map's element; null for a set, and if the data are a verdict
 * @param verdict the verdict of a map's element; null for a set, and if the data are not a verdict
 * @param object the name of the object that a map assigns; "" if it assigns none
 * @param ends whether the element ends an interval. Its key is then the first key after the interval
 * @param others whether the element stands for all other keys
 * @param special whether the element has a part that Fairlead never writes, for example a counter
 */
public record RawElement(
        Bytes key,
        @Nullable Bytes last,
        @Nullable Bytes data,
        @Nullable RawVerdict verdict,
        String object,
        boolean ends,
        boolean others,
        boolean special,
        String comment) {

    private static final int NFTA_SET_ELEM_TIMEOUT = 4;
    private static final int NFTA_SET_ELEM_EXPIRATION = 5;
    private static final int NFTA_SET_ELEM_PAD = 8;
    private static final int NFTA_SET_ELEM_OBJREF = 9;
    private static final int NFTA_SET_ELEM_KEY_END = 10;
    private static final int NFT_SET_ELEM_CATCHALL = 2;

    /** Reads one element from the list NFTA_SET_ELEM_LIST_ELEMENTS. */
    public static RawElement read(Attributes element) {
        Bytes key = Bytes.NONE;
        Bytes last = null;
        Bytes data = null;
        RawVerdict verdict = null;
        String object = "";
        int flags = 0;
        boolean special = false;
        String comment = "";
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
                case NFTA_SET_ELEM_KEY_END -> last = value(element.nested());
                case NFTA_SET_ELEM_OBJREF -> object = element.string();
                case NFTA_SET_ELEM_FLAGS -> flags = element.u32();
                case NFTA_SET_ELEM_USERDATA -> comment = UserDataReader.text(element.bytes(), UserDataReader.COMMENT);
                case NFTA_SET_ELEM_TIMEOUT, NFTA_SET_ELEM_EXPIRATION, NFTA_SET_ELEM_PAD -> {}
                default -> special = true;
            }
        }
        return new RawElement(
                key,
                last,
                data,
                verdict,
                object,
                (flags & NFT_SET_ELEM_INTERVAL_END) != 0,
                (flags & NFT_SET_ELEM_CATCHALL) != 0,
                special || last != null || !object.isEmpty() || (flags & ~NFT_SET_ELEM_INTERVAL_END) != 0,
                comment);
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
