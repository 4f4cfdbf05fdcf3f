package io.fairlead.conntrack;

import static io.fairlead.conntrack.UdpFlows.flow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.lab.Lab;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Dump;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the contract with a real kernel, in a network namespace. Other tests of this class use other protocols and
 * zones, which only a kernel has.
 */
@Tag("kernel")
final class NetlinkConntrackTest extends ConntrackTableContract {
    private static Lab lab;
    private static FlowInsertion insertion;
    private NetlinkConntrack table;

    @BeforeAll
    static void openLab() {
        KernelAccess.require();
        lab = Lab.open(new ExecProcessRunner(), "ct", List.of(Ip.parse("192.0.2.1"), Ip.parse("2001:db8::1")));
        insertion = lab.node().inside(FlowInsertion::new);
    }

    @AfterAll
    static void closeLab() {
        if (lab != null) {
            insertion.close();
            lab.close();
        }
    }

    @BeforeEach
    void open() {
        conntrack("-F");
        table = NetlinkConntrack.open(lab.node().namespace());
    }

    @AfterEach
    void close() {
        table.close();
        table.close();
    }

    @Override
    ConntrackTable table() {
        return table;
    }

    @Override
    void insert(List<UdpFlow> flows) {
        insertion.insert(flows);
    }

    @Test
    void usesTheNamespaceOfTheCallingThread() {
        insert(DNS);

        try (NetlinkConntrack same = lab.node().inside(() -> NetlinkConntrack.open(""))) {
            assertThat(same.delete(dump(IpFamily.IPV4)).removed()).isEqualTo(1);
        }
    }

    @Test
    void agreesWithTheConntrackTool() {
        conntrack(("-I -p udp -s 10.9.0.9 -d 10.96.0.10 --sport 4000 --dport 53 --timeout 100"
                        + " --dst-nat 10.1.0.1:5353")
                .split(" ", -1));

        assertThat(texts(IpFamily.IPV4)).containsExactly(DNS);
    }

    @Test
    void neitherListsNorRemovesTcpAndSctp() {
        insertion.insert(Protocol.TCP, 0, List.of(flow(DNS), flow(DNS6)));
        insertion.insert(Protocol.SCTP, 0, List.of(flow(DNS)));
        insert(DNS);

        List<UdpFlow> udp = dump(IpFamily.IPV4);
        assertThat(udp).hasSize(1);
        assertThat(table.delete(udp).removed()).isEqualTo(1);
        assertThat(table.delete(udp).absent()).isEqualTo(1);

        assertThat(conntrack("-L", "-f", "ipv4")).contains("tcp ", "sctp ").doesNotContain("udp ");
        assertThat(conntrack("-L", "-f", "ipv6")).contains("tcp ");
    }

    @Test
    void neitherListsNorRemovesOtherZones() {
        insertion.insert(Protocol.UDP, 7, List.of(flow(DNS)));
        assertThat(dump(IpFamily.IPV4)).isEmpty();
        insert(DNS);

        assertThat(table.delete(dump(IpFamily.IPV4)).removed()).isEqualTo(1);

        assertThat(conntrack("-L", "-f", "ipv4")).contains("zone=7");
    }

    /**
     * Linux 5.8 and later send only the two UDP flows. Earlier kernels send the two TCP flows too, which {@link
     * FlowReader} ignores.
     */
    @Test
    void theKernelSendsOnlyUdpFlows() {
        insertion.insert(Protocol.TCP, 0, List.of(flow(DNS), flow(OTHER_DNS)));
        insert(DNS, OTHER_DNS);
        Libc libc = Libc.load();
        try (NetlinkSocket socket =
                NetlinkSocket.open(libc, NetworkNamespace.of(libc, lab.node().namespace()), Netlink.NETFILTER)) {
            MessageWriter request = MessageWriter.onHeap(64);
            FlowRequests.dump(request, IpFamily.IPV4, 1);
            List<MessageReader> messages = new ArrayList<>();
            Dump.End _ = new Dump(socket, ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM))
                    .run(request.written(), 1, messages::add);
            assertThat(messages).hasSize(2);
        }
    }

    @Test
    void reportsWhichNamespaceIsMissing() {
        assertThatThrownBy(() -> NetlinkConntrack.open("ct-nowhere"))
                .isInstanceOf(ConntrackException.class)
                .hasMessageContaining("ct-nowhere")
                .hasMessageContaining("No such file or directory (errno 2)");
    }

    private static String conntrack(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "conntrack";
        System.arraycopy(words, 0, all, 1, words.length);
        return lab.nodeRunner().run(Command.of(all)).output();
    }
}
