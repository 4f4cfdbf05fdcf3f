package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a foreign rule as text. Known expressions, among them all that kube-proxy uses, are written as nft lists them.
 * For an unknown expression, the kernel's name is written in brackets.
 */
final class StepText {
    private static final String[] OPERATORS = {"", "!= ", "< ", "<= ", "> ", ">= "};
    private static final int RANDOM = 1 << 2;
    private static final int PERSISTENT = 1 << 3;
    private static final int FULLY_RANDOM = 1 << 4;
    private static final int NFT_REJECT_TCP_RST = 1;

    private final IpFamily family;
    private final ValueText values;

    private StepText(IpFamily family) {
        this.family = family;
        this.values = new ValueText(family);
    }

    static String of(List<Step> steps, IpFamily family) {
        StepText text = new StepText(family);
        return Protocols.of(steps).stream()
                .map(placed -> text.write(placed.step(), placed.protocol()))
                .collect(Collectors.joining(" "));
    }

    private String write(Step step, @Nullable Protocol known) {
        return switch (step) {
            case Step.Compare(Value left, int operator, Bytes right) -> comparison(left, operator, right, known);
            case Step.LookUp(List<Value> key, RawSet set, boolean negated) ->
                values.all(key, known) + (negated ? " != " : " ") + reference(set);
            case Step.LookUpVerdict(List<Value> key, RawSet map) -> values.all(key, known) + " vmap " + reference(map);
            case Step.Decide(RawVerdict verdict) -> verdict.text();
            case Step.SetMeta(int key, Value value) ->
                "meta " + Keys.meta(key) + " set " + metaValue(key, value, known);
            case Step.Nat(int type, Value address, Value port, int flags) ->
                nat(type, address, port, known) + flags(flags);
            case Step.Masquerade(int flags) -> "masquerade" + flags(flags);
            case Step.Reject(int type, int code) ->
                type == NFT_REJECT_TCP_RST
                        ? "reject with tcp reset"
                        : type == NFT_REJECT_ICMP_UNREACH && code == (family == IpFamily.IPV4 ? 3 : 4)
                                ? "reject"
                                : "reject with icmp code " + code;
            case Step.Change(int operation, RawSet set, List<Value> key, List<Value> data, boolean plain) ->
                operation(operation) + " @" + set.name() + " { " + values.all(key, known) + (plain ? "" : " [...]")
                        + (data.isEmpty() ? "" : " : " + values.all(data, known)) + " }";
            case Step.Count _ -> "counter";
            case Step.Other(String name) -> name.equals("redir") ? "redirect" : "[" + name + "]";
        };
    }

    private static String operation(int operation) {
        return switch (operation) {
            case NFT_DYNSET_OP_UPDATE -> "update";
            case NFT_DYNSET_OP_DELETE -> "delete";
            default -> "add";
        };
    }

    private String comparison(Value left, int operator, Bytes right, @Nullable Protocol known) {
        if (left instanceof Value.Bits(Value inner, Bytes mask, Bytes flip) && flip.isZero()) {
            if (inner instanceof Value.Payload payload && values.isAddress(payload) && mask.prefixLength() >= 0) {
                return values.one(inner, known) + " " + operator(operator)
                        + prefix(right.ip(0, payload.length()).text(), mask.prefixLength(), payload);
            }
            if (inner instanceof Value.Ct && right.isZero() && operator == NFT_CMP_NEQ) {
                return values.one(inner, known) + " " + TypeText.single(values.type(inner), mask);
            }
            String equal = operator == NFT_CMP_EQ ? "== " : operator(operator);
            return values.one(inner, known) + " & " + TypeText.single(values.type(inner), mask) + " " + equal
                    + TypeText.single(values.type(inner), right);
        }
        if (left instanceof Value.Payload payload && values.isAddressPart(payload)) {
            return values.one(left, known) + " " + operator(operator)
                    + prefix(StatementReader.address(right, family).text(), payload.length() * Byte.SIZE, payload);
        }
        return values.one(left, known) + " " + operator(operator) + TypeText.single(values.type(left), right);
    }

    private String prefix(String address, int length, Value.Payload payload) {
        return length == family.bits() && payload.length() * Byte.SIZE == length ? address : address + "/" + length;
    }

    private static String operator(int operator) {
        return operator >= 0 && operator < OPERATORS.length ? OPERATORS[operator] : "[" + operator + "] ";
    }

    private String metaValue(int key, Value value, @Nullable Protocol known) {
        if (value instanceof Value.Bits(Value inner, Bytes mask, Bytes flip)) {
            String of = values.one(inner, known);
            int bits = flip.u32Host(0);
            if (mask.u32Host(0) == ~bits) {
                return of + " | " + TypeText.single(TypeText.MARK, flip);
            }
            if (mask.u32Host(0) == -1) {
                return of + " ^ " + TypeText.single(TypeText.MARK, flip);
            }
            return of + " & " + TypeText.single(TypeText.MARK, mask)
                    + (bits == 0 ? "" : " ^ " + TypeText.single(TypeText.MARK, flip));
        }
        return value instanceof Value.Constant(Bytes bytes)
                ? TypeText.single(values.type(new Value.Meta(key, bytes.length())), bytes)
                : values.one(value, known);
    }

    private String nat(int type, @Nullable Value address, @Nullable Value port, @Nullable Protocol known) {
        String what = type == NFT_NAT_DNAT ? "dnat" : "snat";
        String of = family == IpFamily.IPV4 ? " ip to " : " ip6 to ";
        if (address instanceof Value.Mapped mapped) {
            return what
                    + of
                    + values.one(mapped, known)
                    + (port == null || port.equals(mapped) ? "" : " : " + values.one(port, known));
        }
        String host = address instanceof Value.Constant(Bytes bytes)
                ? StatementReader.address(bytes, family).text()
                : address == null ? "" : values.one(address, known);
        if (port == null) {
            return what + " to " + host;
        }
        String number = port instanceof Value.Constant(Bytes bytes)
                ? TypeText.single(TypeText.PORT, bytes)
                : values.one(port, known);
        return what + " to " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + number;
    }

    private static String flags(int flags) {
        return ((flags & RANDOM) == 0 ? "" : " random")
                + ((flags & FULLY_RANDOM) == 0 ? "" : " fully-random")
                + ((flags & PERSISTENT) == 0 ? "" : " persistent");
    }

    private String reference(RawSet set) {
        return ValueText.reference(set, family);
    }
}
