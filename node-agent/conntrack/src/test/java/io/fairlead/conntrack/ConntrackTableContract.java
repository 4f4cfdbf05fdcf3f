package io.fairlead.conntrack;

import static io.fairlead.conntrack.UdpFlows.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conntrack.ConntrackTable.Removal;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that every implementation of the table must pass. */
abstract class ConntrackTableContract {
    static final String DNS = "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353";
    static final String OTHER_DNS = "10.9.0.9:4001 > 10.96.0.10:53 = 10.1.0.2:5353";
    static final String DNS6 = "[fd00:9::9]:4000 > [fd00:96::10]:53 = [fd00:1::1]:5353";

    /** Returns a table that is empty at the start of each test. */
    abstract ConntrackTable table();

    abstract void insert(List<UdpFlow> flows);

    void insert(String... lines) {
        insert(IntStream.range(0, lines.length).mapToObj(i -> flow(lines[i])).toList());
    }

    List<UdpFlow> dump(IpFamily family) {
        List<UdpFlow> flows = new ArrayList<>();
        table().dump(family, flows::add);
        return flows;
    }

    List<String> texts(IpFamily family) {
        return dump(family).stream().map(UdpFlows::text).sorted().toList();
    }

    @Test
    void listsNothingInAnEmptyTable() {
        assertThat(dump(IpFamily.IPV4)).isEmpty();
        assertThat(dump(IpFamily.IPV6)).isEmpty();
    }

    @Test
    void listsFlowsOfOneFamily() {
        insert(DNS, OTHER_DNS, DNS6);

        assertThat(texts(IpFamily.IPV4)).containsExactly(DNS, OTHER_DNS);
        assertThat(texts(IpFamily.IPV6)).containsExactly(DNS6);
    }

    @Test
    void removesOnlyTheGivenFlows() {
        insert(DNS, OTHER_DNS, DNS6);
        List<UdpFlow> first = dump(IpFamily.IPV4).stream()
                .filter(flow -> flow.sourcePort() == 4000)
                .toList();

        assertThat(table().delete(first)).isEqualTo(new Removal(1, 0, 0, ""));

        assertThat(texts(IpFamily.IPV4)).containsExactly(OTHER_DNS);
        assertThat(texts(IpFamily.IPV6)).containsExactly(DNS6);
    }

    @Test
    void removesIpv6() {
        insert(DNS6);

        assertThat(table().delete(dump(IpFamily.IPV6))).isEqualTo(new Removal(1, 0, 0, ""));

        assertThat(dump(IpFamily.IPV6)).isEmpty();
    }

    @Test
    void aFlowThatHasEndedIsAbsent() {
        insert(DNS, OTHER_DNS);
        List<UdpFlow> both = dump(IpFamily.IPV4);
        table().delete(both.subList(0, 1));

        assertThat(table().delete(both)).isEqualTo(new Removal(1, 1, 0, ""));
    }

    @Test
    void doesNotRemoveAFlowThatStartedAgain() {
        insert(DNS);
        UdpFlow known = dump(IpFamily.IPV4).getFirst();
        UdpFlow earlier = UdpFlows.withId(known, known.id() + 1);

        assertThat(table().delete(List.of(earlier))).isEqualTo(new Removal(0, 1, 0, ""));

        assertThat(texts(IpFamily.IPV4)).containsExactly(DNS);
    }

    @Test
    void removesNothingForAnEmptyList() {
        insert(DNS, DNS6);

        assertThat(table().delete(List.of())).isEqualTo(Removal.NOTHING);

        assertThat(texts(IpFamily.IPV4)).containsExactly(DNS);
    }

    @Test
    void removesThousands() {
        insert(IntStream.rangeClosed(1, 3000)
                .mapToObj(port -> flow("10.9.0.9:" + port + " > 10.96.0.10:53 = 10.1.0.1:5353"))
                .toList());
        insert(OTHER_DNS);
        List<UdpFlow> stale = dump(IpFamily.IPV4).stream()
                .filter(flow -> flow.sourcePort() <= 3000)
                .toList();
        assertThat(stale).hasSize(3000);

        assertThat(table().delete(stale)).isEqualTo(new Removal(3000, 0, 0, ""));

        assertThat(texts(IpFamily.IPV4)).containsExactly(OTHER_DNS);
    }
}
