package io.fairlead.nftables.read;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Converts the kernel's elements to elements of the set types that Fairlead writes. In a key or data of several parts,
 * each part is padded to a multiple of 4 bytes.
 */
final class ElementReader {
    private static final int WORD = 4;
    /** The origin of all elements until the whole table is read. */
    private static final Origin UNDECIDED = new Origin.Node();

    private final SetType type;
    private final int address;
    private final int keyLength;

    ElementReader(SetType type, IpFamily family, int keyLength) {
        this.type = type;
        this.address = family.bits() / Byte.SIZE;
        this.keyLength = keyLength;
    }

    /**
     * Returns an element of a set without ranges.
     *
     * @throws IllegalArgumentException if Fairlead does not write such an element
     */
    Element read(RawElement raw) {
        if (raw.special() || raw.ends() || raw.key().length() < keyLength) {
            throw new NotOursException("element " + raw.key());
        }
        ElementData data = data(raw);
        boolean verdicts = type instanceof SetType.VipVerdicts || type instanceof SetType.NodePortVerdicts;
        if ((data != null) != type.isMap() || (data instanceof Verdict) != verdicts) {
            throw new NotOursException("data of element " + raw.key());
        }
        return new Element(key(raw.key()), data, Comment.nearest(raw.comment()), UNDECIDED);
    }

    private ElementKey key(Bytes key) {
        return switch (type) {
            case SetType.Addresses _ -> new ElementKey.Address(key.ip(0, address));
            case SetType.Pairs _ ->
                new ElementKey.Pair(
                        key.ip(0, address),
                        key.ip(address, address),
                        protocol(key, 2 * address),
                        key.u16(2 * address + WORD));
            case SetType.Sockets _ -> new ElementKey.Socket(new IpPort(key.ip(0, address), key.u16(address)));
            case SetType.VipVerdicts _ ->
                new ElementKey.Vip(key.ip(0, address), protocol(key, address), key.u16(address + WORD));
            case SetType.NodePortVerdicts _ -> new ElementKey.NodePort(protocol(key, 0), key.u16(WORD));
            case SetType.VipEndpoints _ ->
                new ElementKey.VipSlot(key.ip(0, address), key.u16(address), key.u32Host(address + WORD));
            case SetType.NodePortEndpoints _ -> new ElementKey.NodePortSlot(key.u16(0), key.u32Host(WORD));
            case SetType.PoolEndpoints _ -> new ElementKey.Slot(protocol(key, 0), key.u32Host(WORD));
            case SetType.Ranges _, SetType.Affinity _, SetType.Foreign _ ->
                throw new NotOursException("elements of " + type);
        };
    }

    private @Nullable ElementData data(RawElement raw) {
        RawVerdict verdict = raw.verdict();
        if (verdict != null) {
            return verdict.verdict();
        }
        Bytes data = raw.data();
        return data == null ? null : new ElementData.Target(new IpPort(data.ip(0, address), data.u16(address)));
    }

    private static Protocol protocol(Bytes key, int offset) {
        Protocol protocol = Protocols.byNumber(key.u8(offset));
        if (protocol == null) {
            throw new NotOursException("protocol " + key.u8(offset));
        }
        return protocol;
    }
}
