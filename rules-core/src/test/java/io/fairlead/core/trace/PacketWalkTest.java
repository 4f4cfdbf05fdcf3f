package io.fairlead.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tests the walk that both dialects share (the path of a packet from hook to hook), with the rules of a dialect that
 * exists only in this test.
 */
class PacketWalkTest {
    private static final Ip HERE = Ip.parse("192.168.0.2");
    private static final Ip CLIENT = Ip.parse("203.0.113.9");
    private static final Ip ELSEWHERE = Ip.parse("198.51.100.1");
    private static final IpPort REMOTE = IpPort.parse("10.244.1.1:8080");

    private final Words rules = new Words();

    @Test
    void packetsFromOutsideAreForwarded() {
        logAtEveryHook();
        assertThat(places(CLIENT, ELSEWHERE)).containsExactly("PREROUTING", "FORWARD", "POSTROUTING");
    }

    @Test
    void packetsFromOutsideToThisHostPassInputAndLeaveByNoHook() {
        logAtEveryHook();
        assertThat(places(CLIENT, HERE)).containsExactly("PREROUTING", "INPUT");
    }

    @Test
    void packetsOfThisHostPassOutput() {
        logAtEveryHook();
        assertThat(places(HERE, ELSEWHERE)).containsExactly("OUTPUT", "POSTROUTING");
    }

    @Test
    void packetsOfThisHostToItselfLeaveBeforeTheyComeIn() {
        logAtEveryHook();
        assertThat(places(HERE, HERE)).containsExactly("OUTPUT", "POSTROUTING", "INPUT");
    }

    @Test
    void theTranslatedDestinationDecidesAboutLaterHooks() {
        logAtEveryHook();
        rules.base(HookPoint.PREROUTING, "dnat");
        assertThat(places(CLIENT, HERE)).containsExactly("PREROUTING", "FORWARD", "POSTROUTING");
    }

    @Test
    void anAcceptedPacketSkipsTheRestOfItsChainsAndMeetsTheNextBaseChain() {
        rules.base(HookPoint.PREROUTING, "jump inner", "drop");
        rules.chain("inner", "accept", "drop");
        rules.base(HookPoint.PREROUTING, "log second");
        assertThat(trace(CLIENT, ELSEWHERE).outcome().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(places(CLIENT, ELSEWHERE)).containsExactly("second");
    }

    @Test
    void aJumpComesBackAndAGotoDoesNot() {
        rules.base(HookPoint.PREROUTING, "jump a", "log base");
        rules.chain("a", "jump b", "goto b", "log never");
        rules.chain("b", "log b", "return", "log never");
        assertThat(places(CLIENT, ELSEWHERE)).containsExactly("b", "b", "base");
    }

    @Test
    void aChainsPolicyDecidesAboutPacketsThatNoRuleDecidedOn() {
        rules.base(HookPoint.FORWARD, "log forward");
        rules.dropping.add("FORWARD0");
        assertThat(trace(CLIENT, ELSEWHERE).outcome().verdict()).isEqualTo(Verdict.DROP);
    }

    @Test
    void everyRandomChoiceIsAPathWithItsShare() {
        rules.base(HookPoint.PREROUTING, "half", "half", "reject");
        Trace trace = trace(CLIENT, ELSEWHERE);
        assertThat(trace.paths()).extracting(TracePath::share).containsExactlyInAnyOrder(0.5, 0.25, 0.25);
        assertThat(trace.paths()).extracting(TracePath::verdict).contains(Verdict.DNAT, Verdict.REJECT);
    }

    @Test
    void onlyTheMarkSaysWhetherAPacketThatEndsHereWasToBeMasqueraded() {
        rules.base(HookPoint.PREROUTING, "dnat 192.168.0.2:80", "mark");
        rules.base(HookPoint.PREROUTING, "mark");
        assertThat(trace(CLIENT, ELSEWHERE).outcome().masquerade()).isTrue();
    }

    @Test
    void masqueradeCountsWhereThePacketLeaves() {
        rules.base(HookPoint.PREROUTING, "mark", "dnat");
        assertThat(trace(CLIENT, ELSEWHERE).outcome().masquerade()).isFalse();
        rules.base(HookPoint.POSTROUTING, "masquerade");
        assertThat(trace(CLIENT, ELSEWHERE).outcome().masquerade()).isTrue();
    }

    @Test
    void aLoopOfChainsIsReported() {
        rules.base(HookPoint.PREROUTING, "jump a");
        rules.chain("a", "jump a");
        assertThatThrownBy(() -> trace(CLIENT, ELSEWHERE))
                .isInstanceOf(UnknownRuleException.class)
                .hasMessageContaining("loop");
    }

    private void logAtEveryHook() {
        for (HookPoint hook : HookPoint.values()) {
            rules.base(hook, "log " + hook);
        }
    }

    private List<String> places(Ip from, Ip to) {
        return trace(from, to).paths().getFirst().steps().stream()
                .map(TraceStep::place)
                .toList();
    }

    private Trace trace(Ip from, Ip to) {
        Host host = Host.of(List.of(HERE));
        return new PacketWalk<>(rules, host).trace(new Flow(Protocol.TCP, from, to, 80));
    }

    /** A dialect in which each rule is a word. */
    private static final class Words implements TracedRules<String> {
        private final Map<String, List<String>> chains = new HashMap<>();
        private final Map<HookPoint, List<String>> baseChains = new EnumMap<>(HookPoint.class);
        private final Set<String> dropping = new HashSet<>();

        void base(HookPoint hook, String... rules) {
            List<String> there = baseChains.computeIfAbsent(hook, _ -> new ArrayList<>());
            String name = hook.name() + there.size();
            there.add(name);
            chain(name, rules);
        }

        void chain(String name, String... rules) {
            chains.put(name, List.of(rules));
        }

        @Override
        public List<String> chainsAt(HookPoint hook) {
            return baseChains.getOrDefault(hook, List.of());
        }

        @Override
        public boolean accepts(String baseChain) {
            return !dropping.contains(baseChain);
        }

        @Override
        public int ruleCount(String chain) {
            return chains.getOrDefault(chain, List.of()).size();
        }

        @Override
        public UnknownRuleException loop(String chain) {
            return new UnknownRuleException(chain, "jump " + chain, "loop of chains");
        }

        @Override
        public void step(ChainWalk<String> walk, int index, Packet packet) {
            String[] words =
                    chains.getOrDefault(walk.chain(), List.of()).get(index).split(" ", 2);
            String what = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "log" -> walk.next(packet.met(new TraceStep(what, "log", new Origin.Node(), "")));
                case "jump" -> walk.jump(what, packet);
                case "goto" -> walk.goTo(what, packet);
                case "return" -> walk.returns(packet);
                case "accept" -> walk.decided(packet.accept());
                case "drop" -> walk.drops(packet);
                case "reject" -> walk.rejects(packet);
                case "mark" -> walk.next(packet.withMark(packet.mark() | 1));
                case "masquerade" -> walk.decided(packet.masquerade());
                case "dnat" -> walk.decided(packet.sentTo(what.isEmpty() ? REMOTE : IpPort.parse(what)));
                case "half" -> {
                    walk.next(packet.withChance(0.5));
                    walk.decided(packet.withChance(0.5).sentTo(REMOTE));
                }
                default -> throw new AssertionError(words[0]);
            }
        }
    }
}
