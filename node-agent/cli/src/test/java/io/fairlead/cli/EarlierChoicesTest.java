package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.Outputs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests what is said about a client with session affinity that the rules of kube-proxy remember. */
final class EarlierChoicesTest {
    private static final Flow FLOW = new Flow(Protocol.TCP, Ip.parse("10.244.1.5"), Ip.parse("10.96.0.10"), 80, null);

    private static Answer answer(String first, String second) {
        return new Answer(
                new Trace(FLOW, List.of(path(first, "10.0.0.1:80"), path(second, "10.0.0.2:80"))),
                List.of(),
                List.of(),
                "");
    }

    private static TracePath path(String place, String endpoint) {
        TraceStep step = new TraceStep(place, "rule", new Origin.Node(), "");
        return new TracePath(List.of(step), Verdict.DNAT, IpPort.parse(endpoint), false, 0.5);
    }

    @Test
    void theListsOfIptablesAreRead() {
        Dump dump = new Outputs(new TreeMap<>(
                        Map.of("recent/KUBE-SEP-B", "src=10.244.1.5 ttl: 64 last_seen: 5 oldest_pkt: 1 5\n")))
                .dump("");
        Answer answer = answer("nat KUBE-SEP-A", "nat KUBE-SEP-B");

        assertThat(new EarlierChoices(dump, FLOW).sentences(answer.outcome(), answer))
                .containsExactly(
                        "The client has session affinity: new connections of 10.244.1.5 go to 10.0.0.2:80 while"
                                + " it is remembered (list KUBE-SEP-B of iptables), whatever the shares of the endpoints are.");
    }

    @Test
    void theSetsOfKubeProxyAreRead() {
        Dump dump = Dump.read("rules", """
                table ip kube-proxy {
                	set affinity-ULMVA6XW-a/b/tcp/p80__10.0.0.2/80 {
                		type ipv4_addr
                		flags dynamic,timeout
                		timeout 3h
                		elements = { 10.244.1.5 expires 2h59m }
                	}
                }
                """);
        Answer answer = answer(
                "ip kube-proxy endpoint-ULMVA6XW-a/b/tcp/p80__10.0.0.1/80",
                "ip kube-proxy endpoint-ULMVA6XW-a/b/tcp/p80__10.0.0.2/80");

        assertThat(new EarlierChoices(dump, FLOW).sentences(answer.outcome(), answer))
                .singleElement()
                .asString()
                .contains("go to 10.0.0.2:80", "affinity-ULMVA6XW");
    }
}
