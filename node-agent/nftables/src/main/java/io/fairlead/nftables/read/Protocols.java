package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds, for each step of a rule, the protocol that the rule has matched before. nft adds a match on the protocol
 * before a field of TCP, UDP or SCTP, and does not list this match. The kernel stores an added match like a match of
 * the rule's text. As in nft, the match immediately before such a field is assumed to be added.
 */
final class Protocols {

    /**
     * A step of a rule, and the protocol that is known at this step.
     *
     * @param protocol the protocol that the rule has matched before the step; null if it has matched no protocol
     */
    record Placed(Step step, @Nullable Protocol protocol) {}

    private Protocols() {}

    /** Returns the steps without the protocol matches that nft adds. */
    static List<Placed> of(List<Step> steps) {
        List<Placed> placed = new ArrayList<>(steps.size());
        Protocol known = null;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Protocol matched = protocol(step);
            if (matched != null && i + 1 < steps.size() && (readsPort(steps.get(i + 1)) || isReset(steps.get(i + 1)))) {
                known = matched;
                continue;
            }
            placed.add(new Placed(step, known));
            known = matched == null ? known : matched;
        }
        return placed;
    }

    private static @Nullable Protocol protocol(Step step) {
        return step instanceof Step.Compare(Value.Meta(int key, var _), int operator, Bytes right)
                        && key == NFT_META_L4PROTO
                        && operator == NFT_CMP_EQ
                        && right.length() > 0
                ? byNumber(right.u8(0))
                : null;
    }

    static @Nullable Protocol byNumber(int number) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.number() == number) {
                return protocol;
            }
        }
        return null;
    }

    private static boolean isReset(Step step) {
        return step instanceof Step.Reject(int type, var _) && type == NFT_REJECT_TCP_RST;
    }

    private static boolean readsPort(Step step) {
        return switch (step) {
            case Step.Compare(Value left, var _, var _) -> readsPort(left);
            case Step.LookUp(List<Value> key, var _, var _) -> readPort(key);
            case Step.LookUpVerdict(List<Value> key, var _) -> readPort(key);
            case Step.SetMeta(var _, Value value) -> readsPort(value);
            case Step.Nat(var _, Value address, Value port, var _) ->
                (address != null && readsPort(address)) || (port != null && readsPort(port));
            case Step.Change(var _, var _, List<Value> key, List<Value> data, var _) -> readPort(key) || readPort(data);
            case Step.Decide _, Step.Masquerade _, Step.Reject _ -> false;
        };
    }

    private static boolean readPort(List<Value> values) {
        return values.stream().anyMatch(Protocols::readsPort);
    }

    private static boolean readsPort(Value value) {
        return switch (value) {
            case Value.Payload(int base, var _, var _) -> base == NFT_PAYLOAD_TRANSPORT_HEADER;
            case Value.Bits(Value inner, var _, var _) -> readsPort(inner);
            case Value.Mapped(List<Value> key, var _) -> readPort(key);
            case Value.Meta _, Value.Ct _, Value.Fib _, Value.Numgen _, Value.Constant _ -> false;
        };
    }
}
