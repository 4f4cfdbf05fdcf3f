package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nftables.read.UserDataReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A set or map of any program, with its elements. */
final class ListedSet {
    private static final int NFTA_SET_OBJ_TYPE = 15;
    private static final int NFTA_SET_HANDLE = 16;
    private static final int NFTA_SET_DESC_CONCAT = 2;
    private static final int NFTA_SET_FIELD_LEN = 1;
    private static final int SET_COMMENT = 7;
    private static final int KEY_BYTE_ORDER = 0;
    private static final int NETWORK_BYTE_ORDER = 2;

    private String name = "";
    private int flags;
    private int keyType;
    private int keyLength;
    private int dataType;
    private int dataLength;
    private int size;
    private int object;
    private boolean network;
    private long timeout;
    private long handle;
    private String comment = "";
    private final List<Integer> fields = new ArrayList<>();
    private final List<ListedElement> elements = new ArrayList<>();

    private final List<String> known;

    /**
     * Creates a set without elements from a message NFT_MSG_NEWSET.
     *
     * @param known the lines of the declaration, if Fairlead declares this set; otherwise an empty list
     */
    ListedSet(MessageReader message, List<String> known) {
        this.known = known;
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_SET_NAME -> name = attributes.string();
                case NFTA_SET_FLAGS -> flags = attributes.u32();
                case NFTA_SET_KEY_TYPE -> keyType = attributes.u32();
                case NFTA_SET_KEY_LEN -> keyLength = attributes.u32();
                case NFTA_SET_DATA_TYPE -> dataType = attributes.u32();
                case NFTA_SET_DATA_LEN -> dataLength = attributes.u32();
                case NFTA_SET_DESC -> description(attributes.nested());
                case NFTA_SET_TIMEOUT -> timeout = attributes.u64();
                case NFTA_SET_OBJ_TYPE -> object = attributes.u32();
                case NFTA_SET_HANDLE -> handle = attributes.u64();
                case NFTA_SET_USERDATA -> {
                    comment = UserDataReader.text(attributes.bytes(), SET_COMMENT);
                    network = UserDataReader.number(attributes.bytes(), KEY_BYTE_ORDER) == NETWORK_BYTE_ORDER;
                }
                default -> {}
            }
        }
    }

    private void description(Attributes attributes) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_SET_DESC_SIZE -> size = attributes.u32();
                case NFTA_SET_DESC_CONCAT -> {
                    Attributes each = attributes.nested();
                    while (each.next()) {
                        Attributes field = each.nested();
                        while (field.next()) {
                            if (field.type() == NFTA_SET_FIELD_LEN) {
                                fields.add(field.u32());
                            }
                        }
                    }
                }
                default -> {}
            }
        }
    }

    String name() {
        return name;
    }

    int keyLength() {
        return keyLength;
    }

    int keyType() {
        return keyType;
    }

    int dataType() {
        return dataType;
    }

    int dataLength() {
        return dataLength;
    }

    /** Returns the type of the objects that a map assigns; 0 for other sets and maps. */
    int object() {
        return object;
    }

    boolean isMap() {
        return (flags & NFT_SET_MAP) != 0;
    }

    boolean hasIntervals() {
        return (flags & NFT_SET_INTERVAL) != 0;
    }

    /** Returns whether a key is in network byte order although its type does not say so. */
    boolean isNetworkOrder() {
        return network;
    }

    boolean isAnonymous() {
        return (flags & NFT_SET_ANONYMOUS) != 0;
    }

    /** Returns the lengths in bytes of the parts of a key; an empty list if the kernel does not report them. */
    List<Integer> fields() {
        return fields;
    }

    /** Adds elements from a message NFT_MSG_NEWSETELEM. */
    void add(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                Attributes each = attributes.nested();
                while (each.next()) {
                    if (each.type() == NFTA_LIST_ELEM) {
                        elements.add(ListedElement.read(each.nested()));
                    }
                }
            }
        }
    }

    /**
     * Returns "@name" for a named set; for an anonymous set, which belongs to a rule, returns its elements in braces.
     *
     * @param shift the number of bits by which the keys in the kernel are shifted to the left
     */
    String reference(Words words, int shift) {
        return isAnonymous() ? "{ " + String.join(", ", texts(words, shift)) + " }" : "@" + Words.name(name);
    }

    private List<String> texts(Words words, int shift) {
        return new ElementTexts(this, words, shift).of(elements);
    }

    /** Returns the text " size N" of a meter; "" if the number of elements is not limited. */
    String meterSize() {
        return size == 0 ? "" : " size " + size;
    }

    void write(Words words, Tally tally, StringBuilder out) {
        out.append(isMap() ? "\tmap " : "\tset ")
                .append(Words.name(name))
                .append(" { # handle ")
                .append(handle);
        out.append('\n');
        if (known.isEmpty()) {
            declare(tally, out);
        }
        known.forEach(line -> out.append("\t\t").append(line).append('\n'));
        if (!comment.isEmpty()) {
            out.append("\t\tcomment ").append(Words.quoted(comment)).append('\n');
        }
        List<String> texts = texts(words, 0);
        if (!texts.isEmpty()) {
            out.append("\t\telements = { ");
            out.append(String.join(",\n\t\t\t     ", texts)).append(" }\n");
        }
        out.append("\t}\n");
    }

    private void declare(Tally tally, StringBuilder out) {
        out.append("\t\ttype ").append(Words.type(keyType));
        if (isMap()) {
            out.append(" : ")
                    .append(
                            dataType == NFT_DATA_VERDICT
                                    ? "verdict"
                                    : object != 0 ? ObjectTexts.kind(object, tally) : Words.type(dataType));
        }
        out.append('\n');
        if (size > 0) {
            out.append("\t\tsize ").append(Integer.toUnsignedString(size)).append('\n');
        }
        String options = List.of(
                        (flags & NFT_SET_CONSTANT) == 0 ? "" : "constant",
                        (flags & NFT_SET_EVAL) == 0 ? "" : "dynamic",
                        (flags & NFT_SET_INTERVAL) == 0 ? "" : "interval",
                        (flags & NFT_SET_TIMEOUT) == 0 ? "" : "timeout")
                .stream()
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(","));
        if (!options.isEmpty()) {
            out.append("\t\tflags ").append(options).append('\n');
        }
        if (timeout != 0) {
            out.append("\t\ttimeout ").append(Words.duration(timeout)).append('\n');
        }
    }
}
