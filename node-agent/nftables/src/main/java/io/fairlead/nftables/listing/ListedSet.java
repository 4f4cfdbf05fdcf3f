package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nftables.read.RawElement;
import io.fairlead.nftables.read.RawSet;
import java.util.ArrayList;
import java.util.List;

/** A set or map of any program, with its elements. */
final class ListedSet {
    private final RawSet raw;
    private final List<String> known;
    private final List<RawElement> elements;

    /**
     * Creates a set with the elements of {@code raw}.
     *
     * @param known the lines of the declaration, if Fairlead declares this set; otherwise an empty list
     */
    ListedSet(RawSet raw, List<String> known) {
        this.raw = raw;
        this.known = known;
        this.elements = new ArrayList<>(raw.elements());
    }

    RawSet raw() {
        return raw;
    }

    /** Adds elements from a message NFT_MSG_NEWSETELEM. */
    void add(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                Attributes each = attributes.nested();
                while (each.next()) {
                    if (each.type() == NFTA_LIST_ELEM) {
                        elements.add(RawElement.read(each.nested()));
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
        return raw.isAnonymous() ? "{ " + String.join(", ", texts(words, shift)) + " }" : "@" + Words.name(raw.name());
    }

    private List<String> texts(Words words, int shift) {
        return new ElementTexts(raw, words, shift).of(elements);
    }

    /** Returns the text " size N" of a meter; "" if the number of elements is not limited. */
    String meterSize() {
        return raw.size() == 0 ? "" : " size " + raw.size();
    }

    void write(Words words, Tally tally, StringBuilder out) {
        out.append(raw.isMap() ? "\tmap " : "\tset ")
                .append(Words.name(raw.name()))
                .append(" { # handle ")
                .append(raw.handle());
        out.append('\n');
        (known.isEmpty() ? declaration(tally) : known)
                .forEach(line -> out.append("\t\t").append(line).append('\n'));
        String comment = raw.storedComment();
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

    /** Returns the lines that declare the set, without its comment. */
    List<String> declaration(Tally tally) {
        List<String> lines = new ArrayList<>();
        String data = !raw.isMap()
                ? ""
                : raw.hasVerdicts()
                        ? " : verdict"
                        : " : "
                                + (raw.object() != 0
                                        ? ObjectTexts.kind(raw.object(), tally)
                                        : Words.type(raw.dataType()));
        lines.add("type " + Words.type(raw.keyType()) + data);
        if (raw.size() != 0) {
            lines.add("size " + Integer.toUnsignedString(raw.size()));
        }
        List<String> options = new ArrayList<>();
        option(NFT_SET_CONSTANT, "constant", options);
        option(NFT_SET_EVAL, "dynamic", options);
        option(NFT_SET_INTERVAL, "interval", options);
        option(NFT_SET_TIMEOUT, "timeout", options);
        if (!options.isEmpty()) {
            lines.add("flags " + String.join(",", options));
        }
        if (raw.timeoutMilliseconds() != 0) {
            lines.add("timeout " + Words.duration(raw.timeoutMilliseconds()));
        }
        return lines;
    }

    private void option(int flag, String word, List<String> into) {
        if ((raw.flags() & flag) != 0) {
            into.add(word);
        }
    }
}
