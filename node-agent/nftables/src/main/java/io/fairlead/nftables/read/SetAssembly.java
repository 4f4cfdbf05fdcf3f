package io.fairlead.nftables.read;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one set or map from the messages of the kernel. If an element is not of a kind that Fairlead writes, the whole
 * set becomes foreign: a set of another program, without elements.
 */
final class SetAssembly {
    private final RawSet raw;
    private final IpFamily family;
    private final ForeignText text;
    private final @Nullable SetType type;
    private final @Nullable ElementReader reader;
    private final List<Element> elements = new ArrayList<>();
    /**
     * The elements of a set that is converted only when all elements are known: a set with ranges, or an anonymous set.
     */
    private final List<RawElement> whole = new ArrayList<>();

    private boolean foreign;
    private int count;

    SetAssembly(RawSet raw, IpFamily family, ForeignText text) {
        this.raw = raw;
        this.text = text;
        this.family = family;
        this.type = SetTypes.of(raw, family);
        this.reader = type == null ? null : new ElementReader(type, family, raw.keyLength());
        this.foreign = type == null;
    }

    RawSet raw() {
        return raw;
    }

    /** Returns whether the elements of this set must be read. */
    boolean wantsElements() {
        return raw.isAnonymous() || !foreign;
    }

    /** Returns whether this is an affinity map, whose elements are added by rules. */
    boolean isAffinity() {
        return type instanceof SetType.Affinity;
    }

    /** Returns the number of elements that were added. */
    int count() {
        return count;
    }

    /** Adds one element from the list NFTA_SET_ELEM_LIST_ELEMENTS. */
    void add(Attributes element) {
        count++;
        if (isAffinity()) {
            return;
        }
        RawElement read = RawElement.read(element);
        if (raw.isAnonymous() || type instanceof SetType.Ranges) {
            whole.add(read);
        } else if (!foreign && reader != null) {
            try {
                elements.add(reader.read(read));
            } catch (IllegalArgumentException _) {
                foreign = true;
            }
        }
    }

    /** Returns an anonymous set with its elements, for the rule to which it belongs. */
    RawSet ofRule() {
        return raw.plus(whole);
    }

    /**
     * Returns the set.
     *
     * @throws IllegalArgumentException if the name is not a valid set name
     */
    NamedSet build() {
        SetName name = new SetName(raw.name());
        if (!foreign && type != null) {
            try {
                return new NamedSet(name, type, raw.comment(), type instanceof SetType.Ranges ? ranges() : elements);
            } catch (IllegalArgumentException _) {
                // Two elements have the same key, or a range has no end. Fairlead does not write such a set.
            }
        }
        SetType unknown = new SetType.Foreign(raw.isMap(), text.declaration(raw));
        return new NamedSet(name, unknown, raw.comment(), List.of());
    }

    private List<Element> ranges() {
        for (RawElement element : whole) {
            if (element.special() || !element.comment().isEmpty()) {
                throw new NotOursException("element " + element.key());
            }
        }
        List<Element> ranges = new ArrayList<>();
        for (ElementKey.Range range : Intervals.addresses(whole, family)) {
            ranges.add(Element.of(range));
        }
        return ranges;
    }
}
