package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import io.fairlead.core.net.Protocol;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Writes elements of sets and maps. Addresses, protocols and ports are written in network byte order, as in a packet.
 * An endpoint slot is written in the machine's byte order, because the rules look it up with a result of
 * {@code numgen}. Each part of a concatenation is padded to a multiple of 4 bytes.
 */
final class ElementWriter {
    private ElementWriter() {}

    /** Writes an element; for a range, the two elements that begin and end the range. */
    static void write(Element element, MessageWriter out) {
        int start = out.nested(NFTA_LIST_ELEM);
        key(element.key(), out);
        switch (element.data()) {
            case null -> {}
            case ElementData.Target(IpPort endpoint) -> {
                int data = out.nested(NFTA_SET_ELEM_DATA);
                int value = out.attribute(NFTA_DATA_VALUE);
                socket(endpoint, out);
                out.close(value);
                out.close(data);
            }
            case Verdict verdict -> verdict(NFTA_SET_ELEM_DATA, verdict, out);
        }
        boolean open = element.key() instanceof ElementKey.Range(var _, Ip last) && next(last) == null;
        userData(element, open, out);
        out.close(start);
        if (element.key() instanceof ElementKey.Range(var _, Ip last)) {
            end(last, out);
        }
    }

    /** Writes the key of an element that is to be deleted; for a range, the keys of both its elements. */
    static void writeKey(ElementKey key, MessageWriter out) {
        int start = out.nested(NFTA_LIST_ELEM);
        key(key, out);
        out.close(start);
        if (key instanceof ElementKey.Range(var _, Ip last)) {
            end(last, out);
        }
    }

    /**
     * Writes an end element at address 0, as nft does before it adds ranges to an empty set. Writes nothing if the
     * lowest range begins at address 0.
     */
    static void writeBeginning(ElementKey.Range lowest, MessageWriter out) {
        Ip zero = zero(lowest.first());
        if (!lowest.first().equals(zero)) {
            endBefore(zero, out);
        }
    }

    private static void userData(Element element, boolean open, MessageWriter out) {
        if (element.comment().isEmpty() && !open) {
            return;
        }
        int start = out.attribute(NFTA_SET_ELEM_USERDATA);
        if (!element.comment().isEmpty()) {
            UserData.putComment(UserData.COMMENT, element.comment(), out);
        }
        if (open) {
            UserData.putNumber(UserData.ELEMENT_FLAGS, UserData.ELEMENT_OPEN_INTERVAL, out);
        }
        out.close(start);
    }

    /** Writes the end element of a range, unless the range includes the last address of the family. */
    private static void end(Ip last, MessageWriter out) {
        Ip next = next(last);
        if (next != null) {
            endBefore(next, out);
        }
    }

    private static void endBefore(Ip ip, MessageWriter out) {
        int start = out.nested(NFTA_LIST_ELEM);
        int key = out.nested(NFTA_SET_ELEM_KEY);
        int value = out.attribute(NFTA_DATA_VALUE);
        address(ip, out);
        out.close(value);
        out.close(key);
        out.u32(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
        out.close(start);
    }

    private static void key(ElementKey key, MessageWriter out) {
        int start = out.nested(NFTA_SET_ELEM_KEY);
        int value = out.attribute(NFTA_DATA_VALUE);
        switch (key) {
            case ElementKey.Vip(Ip ip, Protocol protocol, int port) -> {
                address(ip, out);
                protocol(protocol, out);
                port(port, out);
            }
            case ElementKey.NodePort(Protocol protocol, int port) -> {
                protocol(protocol, out);
                port(port, out);
            }
            case ElementKey.VipSlot(Ip ip, int port, int index) -> {
                address(ip, out);
                port(port, out);
                out.put32Host(index);
            }
            case ElementKey.NodePortSlot(int port, int index) -> {
                port(port, out);
                out.put32Host(index);
            }
            case ElementKey.Slot(Protocol protocol, int index) -> {
                protocol(protocol, out);
                out.put32Host(index);
            }
            case ElementKey.Address(Ip ip) -> address(ip, out);
            case ElementKey.Range(Ip first, var _) -> address(first, out);
            case ElementKey.Pair(Ip source, Ip destination, Protocol protocol, int port) -> {
                address(source, out);
                address(destination, out);
                protocol(protocol, out);
                port(port, out);
            }
            case ElementKey.Socket(IpPort address) -> socket(address, out);
        }
        out.close(value);
        out.close(start);
    }

    /** Writes a verdict as the data of an element or of an expression. */
    static void verdict(int attribute, Verdict verdict, MessageWriter out) {
        int start = out.nested(attribute);
        int data = out.nested(NFTA_DATA_VERDICT);
        switch (verdict) {
            case Verdict.Jump(var chain) -> {
                out.u32(NFTA_VERDICT_CODE, NFT_JUMP);
                out.string(NFTA_VERDICT_CHAIN, chain.text());
            }
            case Verdict.Goto(var chain) -> {
                out.u32(NFTA_VERDICT_CODE, NFT_GOTO);
                out.string(NFTA_VERDICT_CHAIN, chain.text());
            }
            case Verdict.Return _ -> out.u32(NFTA_VERDICT_CODE, NFT_RETURN);
            case Verdict.Accept _ -> out.u32(NFTA_VERDICT_CODE, NF_ACCEPT);
            case Verdict.Drop _ -> out.u32(NFTA_VERDICT_CODE, NF_DROP);
        }
        out.close(data);
        out.close(start);
    }

    static void address(Ip ip, MessageWriter out) {
        switch (ip) {
            case Ipv4(int bits) -> out.put32(bits);
            case Ipv6(long high, long low) -> {
                out.put64(high);
                out.put64(low);
            }
        }
    }

    private static void socket(IpPort address, MessageWriter out) {
        address(address.ip(), out);
        port(address.port(), out);
    }

    private static void protocol(Protocol protocol, MessageWriter out) {
        out.put8(protocol.number());
        out.zeros(3);
    }

    private static void port(int port, MessageWriter out) {
        out.put16(port);
        out.zeros(2);
    }

    /** Returns the next address; null if this is the last address of the family. */
    private static @Nullable Ip next(Ip ip) {
        return switch (ip) {
            case Ipv4(int bits) -> bits == -1 ? null : new Ipv4(bits + 1);
            case Ipv6(long high, long low) ->
                low != -1 ? new Ipv6(high, low + 1) : high == -1 ? null : new Ipv6(high + 1, 0);
        };
    }

    private static Ip zero(Ip ip) {
        return switch (ip) {
            case Ipv4 _ -> new Ipv4(0);
            case Ipv6 _ -> new Ipv6(0, 0);
        };
    }
}
