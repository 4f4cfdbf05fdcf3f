package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.rule.Comment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a set or map as the kernel reports it. For an anonymous set, which belongs to a rule, it also
 * contains the elements.
 *
 * @param keyType nft's number for the type of the keys, which the kernel stores for nft
 * @param dataType nft's number for the type of the data; NFT_DATA_VERDICT for verdicts; 0 for a set
 * @param size the greatest number of elements; 0 for no limit
 * @param userData the data that nft stores with the set, by the type of each piece
 * @param object the type of the objects that a map assigns; 0 for other sets and maps
 * @param fields the lengths in bytes of the parts of a key; an empty list if the kernel does not report them
 * @param special whether the declaration has a part that Fairlead never writes
 * @param elements the elements of an anonymous set; empty for a named set
 */
public record RawSet(
        String name,
        long handle,
        int flags,
        int keyType,
        int keyLength,
        int dataType,
        int dataLength,
        int size,
        long timeoutMilliseconds,
        Map<Integer, Bytes> userData,
        int object,
        List<Integer> fields,
        boolean special,
        List<RawElement> elements) {

    private static final int NFTA_SET_POLICY = 8;
    private static final int NFTA_SET_GC_INTERVAL = 12;
    private static final int NFTA_SET_OBJ_TYPE = 15;
    private static final int NFTA_SET_HANDLE = 16;
    private static final int NFTA_SET_EXPR = 17;
    private static final int NFTA_SET_EXPRESSIONS = 18;
    private static final int NFTA_SET_DESC_CONCAT = 2;
    private static final int NFTA_SET_FIELD_LEN = 1;
    private static final int KEY_BYTE_ORDER = 0;
    private static final int NETWORK_BYTE_ORDER = 2;
    private static final int SET_COMMENT = 7;
    /** The length of all registers in bytes. Neither a key nor data can be longer. */
    private static final int LONGEST = 64;

    /** Returns a substitute for a set that a rule uses but the kernel did not list. */
    static RawSet unlisted(String name) {
        return new RawSet(name, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0, List.of(), true, List.of());
    }

    /** Reads a message NFT_MSG_NEWSET. Returns null if the set is in another table. */
    public static @Nullable RawSet read(MessageReader message, String table) {
        Builder set = new Builder();
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_SET_TABLE -> {
                    if (!attributes.isString(table)) {
                        return null;
                    }
                }
                case NFTA_SET_NAME -> set.name = attributes.string();
                case NFTA_SET_FLAGS -> set.flags = attributes.u32();
                case NFTA_SET_KEY_TYPE -> set.keyType = attributes.u32();
                case NFTA_SET_KEY_LEN -> set.keyLength = length(attributes);
                case NFTA_SET_DATA_TYPE -> set.dataType = attributes.u32();
                case NFTA_SET_DATA_LEN -> set.dataLength = length(attributes);
                case NFTA_SET_DESC -> set.description(attributes.nested());
                case NFTA_SET_TIMEOUT -> set.timeout = attributes.u64();
                case NFTA_SET_USERDATA -> set.userData = UserDataReader.pieces(attributes.bytes());
                case NFTA_SET_HANDLE -> set.handle = attributes.u64();
                case NFTA_SET_OBJ_TYPE -> set.object = attributes.u32();
                case NFTA_SET_POLICY, NFTA_SET_GC_INTERVAL -> set.special |= attributes.u32() != 0;
                case NFTA_SET_EXPR, NFTA_SET_EXPRESSIONS -> set.special = true;
                default -> {}
            }
        }
        return set.build();
    }

    private static int length(Attributes attribute) {
        int length = attribute.u32();
        if (length < 0 || length > LONGEST) {
            throw new MalformedMessageException("a set has keys or data of " + Integer.toUnsignedString(length)
                    + " bytes, more than the registers");
        }
        return length;
    }

    private static final class Builder {
        private String name = "";
        private long handle;
        private int flags;
        private int keyType;
        private int keyLength;
        private int dataType;
        private int dataLength;
        private int size;
        private long timeout;
        private Map<Integer, Bytes> userData = Map.of();
        private int object;
        private List<Integer> fields = List.of();
        private boolean special;

        void description(Attributes attributes) {
            while (attributes.next()) {
                switch (attributes.type()) {
                    case NFTA_SET_DESC_SIZE -> size = attributes.u32();
                    case NFTA_SET_DESC_CONCAT -> fields = lengths(attributes.nested());
                    default -> {}
                }
            }
        }

        private static List<Integer> lengths(Attributes parts) {
            List<Integer> lengths = new ArrayList<>();
            while (parts.next()) {
                Attributes part = parts.nested();
                while (part.next()) {
                    if (part.type() == NFTA_SET_FIELD_LEN) {
                        lengths.add(length(part));
                    }
                }
            }
            return lengths;
        }

        RawSet build() {
            return new RawSet(
                    name,
                    handle,
                    flags,
                    keyType,
                    keyLength,
                    dataType,
                    dataLength,
                    size,
                    timeout,
                    userData,
                    object,
                    fields,
                    special || object != 0 || !fields.isEmpty(),
                    List.of());
        }
    }

    public boolean isMap() {
        return (flags & NFT_SET_MAP) != 0;
    }

    /** Returns whether the set has no name, because it belongs to a rule. */
    public boolean isAnonymous() {
        return (flags & NFT_SET_ANONYMOUS) != 0;
    }

    public boolean hasIntervals() {
        return (flags & NFT_SET_INTERVAL) != 0;
    }

    public boolean hasVerdicts() {
        return dataType == NFT_DATA_VERDICT;
    }

    /** Returns whether a key is in network byte order although its type does not say so. */
    public boolean isNetworkOrder() {
        return userData.getOrDefault(KEY_BYTE_ORDER, Bytes.NONE).u32Host(0) == NETWORK_BYTE_ORDER;
    }

    Comment comment() {
        return Comment.nearest(storedComment());
    }

    /** Returns the comment as it is stored, which can have characters that a comment of Fairlead cannot have. */
    public String storedComment() {
        return userData.getOrDefault(SET_COMMENT, Bytes.NONE).text();
    }

    /** Returns this set with additional elements. */
    public RawSet plus(List<RawElement> more) {
        List<RawElement> all = new ArrayList<>(elements);
        all.addAll(more);
        return new RawSet(
                name,
                handle,
                flags,
                keyType,
                keyLength,
                dataType,
                dataLength,
                size,
                timeoutMilliseconds,
                userData,
                object,
                fields,
                special,
                List.copyOf(all));
    }
}
