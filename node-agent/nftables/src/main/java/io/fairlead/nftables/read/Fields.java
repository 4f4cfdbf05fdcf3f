package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.NFTA_DATA_VERDICT;

import io.fairlead.linux.netlink.Attributes;

/**
 * The attributes of one expression of a rule, which are found by their type. If a required attribute is missing, or an
 * attribute is unexpected, the methods throw {@link NotOursException}, because Fairlead does not write such an
 * expression.
 */
public final class Fields {
    private static final int MOST = 32;

    private final Attributes attributes;

    private Fields(Attributes attributes) {
        this.attributes = attributes;
    }

    public static Fields of(Attributes attributes) {
        return new Fields(attributes);
    }

    public boolean has(int type) {
        return find(type);
    }

    void without(int type) {
        if (find(type)) {
            throw new NotOursException("attribute " + type);
        }
    }

    public int number(int type) {
        require(type);
        return attributes.u32();
    }

    public int number(int type, int least, int most) {
        int number = number(type);
        if (number < least || number > most) {
            throw new NotOursException("number " + number);
        }
        return number;
    }

    public int numberOr(int type, int otherwise) {
        return find(type) ? attributes.u32() : otherwise;
    }

    public long longOr(int type, long otherwise) {
        return find(type) ? attributes.u64() : otherwise;
    }

    public int byteOr(int type, int otherwise) {
        return find(type) ? attributes.u8() : otherwise;
    }

    /** Returns an unsigned number of 16 bits, or {@code otherwise} if the attribute is missing. */
    public int shortOr(int type, int otherwise) {
        return find(type) ? attributes.u16() : otherwise;
    }

    /** Returns the attributes that are nested in an attribute. */
    public Attributes nested(int type) {
        require(type);
        return attributes.nested();
    }

    public String string(int type) {
        require(type);
        return attributes.string();
    }

    public Bytes data(int type) {
        require(type);
        return RawElement.value(attributes.nested());
    }

    public RawVerdict verdict(int type) {
        require(type);
        Attributes data = attributes.nested();
        while (data.next()) {
            if (data.type() == NFTA_DATA_VERDICT) {
                return RawVerdict.read(data.nested());
            }
        }
        throw new NotOursException("no verdict");
    }

    private void require(int type) {
        if (!find(type)) {
            throw new NotOursException("no attribute " + type);
        }
    }

    /**
     * Moves to the attribute of a type. An expression has few attributes, so each call searches from the first
     * attribute.
     */
    private boolean find(int type) {
        attributes.rewind();
        for (int i = 0; i < MOST && attributes.next(); i++) {
            if (attributes.type() == type) {
                return true;
            }
        }
        return false;
    }
}
