package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.nft.rule.ElementKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the values of a rule as text. If nft's name of a value is known, the text is the same as in nft's listing. */
final class ValueText {
    private final IpFamily family;
    private final boolean ipv4;

    ValueText(IpFamily family) {
        this.family = family;
        this.ipv4 = family == IpFamily.IPV4;
    }

    String all(List<Value> parts, @Nullable Protocol known) {
        return parts.stream().map(part -> one(part, known)).collect(Collectors.joining(" . "));
    }

    String one(Value value, @Nullable Protocol known) {
        return switch (value) {
            case Value.Payload payload -> payload(payload, known);
            case Value.Meta(int key, var _) ->
                key == NFT_META_IIFNAME
                                || key == Keys.NFT_META_OIFNAME
                                || key == Keys.NFT_META_IIF
                                || key == Keys.NFT_META_OIF
                        ? Keys.meta(key)
                        : "meta " + Keys.meta(key);
            case Value.Ct(int key, int direction, var _) -> ct(key, direction);
            case Value.Fib(int result, int flags, var _) -> fib(result, flags);
            case Value.Numgen(boolean random, int modulus, int offset) ->
                "numgen " + (random ? "random" : "inc") + " mod " + Integer.toUnsignedString(modulus)
                        + (offset == 0 ? "" : " offset " + Integer.toUnsignedString(offset));
            case Value.Constant(Bytes bytes) -> bytes.hex();
            case Value.Bits(Value inner, Bytes mask, Bytes flip) ->
                one(inner, known) + " & " + mask.hex() + (flip.isZero() ? "" : " ^ " + flip.hex());
            case Value.Mapped(List<Value> key, RawSet map) -> all(key, known) + " map " + reference(map, family);
        };
    }

    boolean isAddress(Value.Payload payload) {
        return isAddressPart(payload) && payload.length() * Byte.SIZE == family.bits();
    }

    boolean isAddressPart(Value.Payload payload) {
        return payload.base() == NFT_PAYLOAD_NETWORK_HEADER
                && payload.length() * Byte.SIZE <= family.bits()
                && (payload.offset() == source() || payload.offset() == destination());
    }

    private int source() {
        return ipv4 ? 12 : 8;
    }

    private int destination() {
        return ipv4 ? 16 : 24;
    }

    /** Returns nft's number for the type of a value; 0 if the type is unknown. */
    int type(Value value) {
        return switch (value) {
            case Value.Payload payload ->
                isAddressPart(payload)
                        ? ipv4 ? TypeText.IPV4 : TypeText.IPV6
                        : isPort(payload) ? TypeText.PORT : isProtocol(payload) ? TypeText.PROTOCOL : 0;
            case Value.Meta(int key, var _) ->
                switch (key) {
                    case NFT_META_L4PROTO -> TypeText.PROTOCOL;
                    case NFT_META_MARK -> TypeText.MARK;
                    case NFT_META_IIFNAME, Keys.NFT_META_OIFNAME -> TypeText.INTERFACE;
                    default -> 0;
                };
            case Value.Ct(int key, var _, var _) ->
                switch (key) {
                    case NFT_CT_STATE -> TypeText.CT_STATE;
                    case NFT_CT_STATUS -> TypeText.CT_STATUS;
                    case Keys.NFT_CT_MARK -> TypeText.MARK;
                    case Keys.NFT_CT_PROTO_SRC, NFT_CT_PROTO_DST -> TypeText.PORT;
                    case Keys.NFT_CT_SRC_IP, NFT_CT_DST_IP -> TypeText.IPV4;
                    case Keys.NFT_CT_SRC_IP6, NFT_CT_DST_IP6 -> TypeText.IPV6;
                    default -> 0;
                };
            case Value.Fib(int result, var _, var _) -> result == NFT_FIB_RESULT_ADDRTYPE ? TypeText.ADDRESS_KIND : 0;
            case Value.Numgen _ -> TypeText.INTEGER;
            case Value.Bits(Value inner, var _, var _) -> type(inner);
            case Value.Constant _, Value.Mapped _ -> 0;
        };
    }

    private static boolean isPort(Value.Payload payload) {
        return payload.base() == NFT_PAYLOAD_TRANSPORT_HEADER && payload.length() == 2 && payload.offset() <= 2;
    }

    private boolean isProtocol(Value.Payload payload) {
        return payload.base() == NFT_PAYLOAD_NETWORK_HEADER
                && payload.length() == 1
                && payload.offset() == (ipv4 ? 9 : 6);
    }

    private String payload(Value.Payload payload, @Nullable Protocol known) {
        String ip = ipv4 ? "ip" : "ip6";
        if (isAddressPart(payload)) {
            return ip + (payload.offset() == source() ? " saddr" : " daddr");
        }
        if (isProtocol(payload)) {
            return ipv4 ? "ip protocol" : "ip6 nexthdr";
        }
        if (isPort(payload) && payload.offset() % 2 == 0) {
            return (known == null ? "th" : known.text()) + (payload.offset() == 0 ? " sport" : " dport");
        }
        String base = switch (payload.base()) {
            case 0 -> "@ll";
            case NFT_PAYLOAD_NETWORK_HEADER -> "@nh";
            case NFT_PAYLOAD_TRANSPORT_HEADER -> "@th";
            default -> "@ih";
        };
        return base + "," + payload.offset() * Byte.SIZE + "," + payload.length() * Byte.SIZE;
    }

    private String ct(int key, int direction) {
        String way = direction < 0 ? "" : direction == 0 ? "original " : "reply ";
        boolean address = key == NFT_CT_DST_IP
                || key == NFT_CT_DST_IP6
                || key == Keys.NFT_CT_SRC_IP
                || key == Keys.NFT_CT_SRC_IP6;
        return "ct " + way + (address ? ipv4 ? "ip " : "ip6 " : "") + Keys.ct(key);
    }

    private static String fib(int result, int flags) {
        List<String> by = new ArrayList<>();
        String[] words = {"saddr", "daddr", "mark", "iif", "oif"};
        for (int i = 0; i < words.length; i++) {
            if ((flags & 1 << i) != 0) {
                by.add(words[i]);
            }
        }
        String of = switch (result) {
            case 1 -> "oif";
            case 2 -> "oifname";
            case NFT_FIB_RESULT_ADDRTYPE -> "type";
            default -> "[" + result + "]";
        };
        return "fib " + String.join(" . ", by) + " " + of;
    }

    /** Returns "@name" for a named set, and the elements for an anonymous set. */
    static String reference(RawSet set, IpFamily family) {
        if (!set.isAnonymous()) {
            return "@" + set.name();
        }
        String elements = set.hasIntervals() && !set.isMap() ? intervals(set, family) : elements(set);
        return "{ " + elements + " }";
    }

    /**
     * Returns the elements in nft's order. kube-proxy's lists of endpoints have integer keys, which are sorted by their
     * number.
     */
    private static String elements(RawSet set) {
        Comparator<RawElement> order = set.keyType() == TypeText.INTEGER
                ? Comparator.comparingInt(element -> element.key().u32Host(0))
                : Comparator.comparing(RawElement::key);
        return set.elements().stream()
                .sorted(order)
                .map(element -> TypeText.value(set.keyType(), element.key()) + data(set, element))
                .collect(Collectors.joining(", "));
    }

    private static String data(RawSet set, RawElement element) {
        RawVerdict verdict = element.verdict();
        if (verdict != null) {
            return " : " + verdict.text();
        }
        return element.data() == null ? "" : " : " + TypeText.value(set.dataType(), element.data());
    }

    private static String intervals(RawSet set, IpFamily family) {
        if (set.keyType() != TypeText.IPV4 && set.keyType() != TypeText.IPV6) {
            return elements(set);
        }
        try {
            return Intervals.addresses(set.elements(), family).stream()
                    .map(ValueText::range)
                    .collect(Collectors.joining(", "));
        } catch (IllegalArgumentException _) {
            return elements(set);
        }
    }

    private static String range(ElementKey.Range range) {
        return range.first().equals(range.last())
                ? range.first().text()
                : range.asPrefix()
                        .map(Cidr::text)
                        .orElseGet(
                                () -> range.first().text() + "-" + range.last().text());
    }
}
