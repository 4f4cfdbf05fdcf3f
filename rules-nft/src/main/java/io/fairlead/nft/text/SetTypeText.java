package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.nft.rule.SetType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes and parses declarations of sets and maps: lines such as "type ipv4_addr" and "flags interval". */
final class SetTypeText {
    private static final Map<IpFamily, Map<List<String>, SetType>> KNOWN = known();

    private SetTypeText() {}

    /** Returns the lines of a declaration, in the order in which nft lists them. */
    static List<String> write(SetType type, IpFamily family) {
        String address = FamilyText.addressType(family);
        String destination = FamilyText.of(family) + " daddr";
        return switch (type) {
            case SetType.Addresses _ -> List.of("type " + address);
            case SetType.Ranges _ -> List.of("type " + address, "flags interval");
            case SetType.Pairs _ -> List.of("type " + address + " . " + address + " . inet_proto . inet_service");
            case SetType.Sockets _ -> List.of("type " + address + " . inet_service");
            case SetType.VipVerdicts _ -> List.of("type " + address + " . inet_proto . inet_service : verdict");
            case SetType.NodePortVerdicts _ -> List.of("type inet_proto . inet_service : verdict");
            case SetType.VipEndpoints(Protocol protocol) ->
                List.of(endpoints(destination + " . " + protocol + " dport . ", destination, protocol));
            case SetType.NodePortEndpoints(Protocol protocol) ->
                List.of(endpoints(protocol + " dport . ", destination, protocol));
            case SetType.PoolEndpoints(Protocol protocol) ->
                List.of(endpoints("meta l4proto . ", destination, protocol));
            case SetType.Affinity(int timeoutSeconds, var remembers) -> {
                String endpoint = switch (remembers) {
                    case ADDRESS_AND_PORT -> address + " . inet_service";
                    case ADDRESS -> address;
                    case PORT -> "inet_service";
                };
                yield List.of(
                        "type " + address + " : " + endpoint,
                        "size " + SetType.Affinity.SIZE,
                        "flags dynamic,timeout",
                        "timeout " + timeoutSeconds + "s");
            }
            case SetType.Foreign(var _, String text) -> text.lines().toList();
        };
    }

    private static String endpoints(String key, String destination, Protocol protocol) {
        return "typeof " + key + "numgen random mod 2 : " + destination + " . " + protocol + " dport";
    }

    /**
     * Parses a declaration. A declaration that Fairlead does not write becomes a {@link SetType.Foreign}.
     *
     * @param lines the lines of the set or map without the comment and the elements
     */
    static SetType parse(boolean map, List<String> lines, IpFamily family) {
        List<String> rest = new ArrayList<>(lines);
        String timeout = lines.stream()
                .filter(line -> line.startsWith("timeout "))
                .findFirst()
                .orElse("");
        rest.remove(timeout);
        SetType type = KNOWN.getOrDefault(family, Map.of()).get(rest);
        SetType foreign = new SetType.Foreign(map, String.join("\n", lines));
        if (type == null || type.isMap() != map) {
            return foreign;
        }
        if (type instanceof SetType.Affinity(var _, var remembers)) {
            try {
                return new SetType.Affinity(Numbers.seconds(timeout.replaceFirst("timeout ", "")), remembers);
            } catch (NotOursException e) {
                return foreign;
            }
        }
        return timeout.isEmpty() ? type : foreign;
    }

    private static Map<IpFamily, Map<List<String>, SetType>> known() {
        Map<IpFamily, Map<List<String>, SetType>> known = new HashMap<>();
        for (IpFamily family : IpFamily.values()) {
            Map<List<String>, SetType> byLines = new HashMap<>();
            for (SetType type : SetType.ours()) {
                List<String> lines = new ArrayList<>(write(type, family));
                lines.removeIf(line -> line.startsWith("timeout "));
                byLines.put(List.copyOf(lines), type);
            }
            known.put(family, byLines);
        }
        return known;
    }
}
