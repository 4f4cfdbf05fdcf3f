package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.nftables.read.Bytes;
import io.fairlead.nftables.read.RawVerdict;
import io.fairlead.nftables.read.UserDataReader;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map of any program. Its counters and time-outs are not read, because they do not decide
 * whether a packet matches.
 *
 * @param last the last key of a range of concatenations; null if the element is no such range
 * @param data the data of a map's element; null if there are none, or if they are a verdict
 * @param object the name of the object that a map assigns; "" if it assigns none
 * @param ends whether the element ends an interval. Its key is then the first key after the interval
 * @param others whether the element stands for all other keys
 */
record ListedElement(
        Bytes key,
        @Nullable Bytes last,
        @Nullable Bytes data,
        @Nullable RawVerdict verdict,
        String object,
        boolean ends,
        boolean others,
        String comment) {
    private static final int NFTA_SET_ELEM_OBJREF = 9;
    private static final int NFTA_SET_ELEM_KEY_END = 10;
    private static final int NFT_SET_ELEM_CATCHALL = 2;

    static ListedElement read(Attributes element) {
        Bytes key = Bytes.NONE;
        Bytes last = null;
        Bytes data = null;
        RawVerdict verdict = null;
        String object = "";
        int flags = 0;
        String comment = "";
        while (element.next()) {
            switch (element.type()) {
                case NFTA_SET_ELEM_KEY -> key = Bytes.ofData(element.nested());
                case NFTA_SET_ELEM_KEY_END -> last = Bytes.ofData(element.nested());
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
                case NFTA_SET_ELEM_OBJREF -> object = element.string();
                case NFTA_SET_ELEM_FLAGS -> flags = element.u32();
                case NFTA_SET_ELEM_USERDATA -> comment = UserDataReader.text(element.bytes(), UserDataReader.COMMENT);
                default -> {}
            }
        }
        return new ListedElement(
                key,
                last,
                data,
                verdict,
                object,
                (flags & NFT_SET_ELEM_INTERVAL_END) != 0,
                (flags & NFT_SET_ELEM_CATCHALL) != 0,
                comment);
    }
}
