package io.fairlead.agent.xtables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Dump;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.process.ProgramMissingException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads chains, rules and maps of nf_tables by netlink. Programs and libraries are not used, because they could stop at
 * an object that they do not know. If reading fails, the results are empty, and the caller uses only the output of
 * iptables.
 */
public final class NetlinkTables implements RawTables {
    /** The largest number of attempts. Another attempt is needed if the tables change during the read. */
    private static final int MOST_TRIES = 5;

    private static final int REQUEST = 256;

    private final String namespace;
    private int sequence;

    private NetlinkTables(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Returns a reader for the tables of a network namespace.
     *
     * @param namespace the name of the network namespace, as in {@code ip netns}; "" for the namespace of the calling
     *     thread
     */
    public static RawTables of(String namespace) {
        return new NetlinkTables(namespace);
    }

    @Override
    public List<String> chains(IpFamily family, Table table) {
        return dump(TableDump.GET_CHAIN, family, Map.of(), message -> TableDump.chain(message, table.text()).stream());
    }

    @Override
    public List<RawRule> rules(IpFamily family, Table table, String chain) {
        return dump(
                TableDump.GET_RULE,
                family,
                Map.of(TableDump.TABLE, table.text(), TableDump.CHAIN_OR_SET, chain),
                message -> Stream.of(TableDump.rule(message)));
    }

    @Override
    public List<MapTarget> maps(IpFamily family, Table table) {
        List<MapTarget> targets = new ArrayList<>();
        for (String map : dump(
                TableDump.GET_SET,
                family,
                Map.of(TableDump.TABLE, table.text()),
                message -> TableDump.verdictMap(message).stream())) {
            targets.addAll(dump(
                    TableDump.GET_ELEMENTS,
                    family,
                    Map.of(TableDump.TABLE, table.text(), TableDump.CHAIN_OR_SET, map),
                    message -> TableDump.targets(message).stream().map(chain -> new MapTarget(map, chain))));
        }
        return targets;
    }

    private <T> List<T> dump(
            int kind, IpFamily family, Map<Integer, String> values, Function<MessageReader, Stream<T>> objects) {
        try {
            Libc libc = Libc.load();
            try (NetlinkSocket socket =
                    NetlinkSocket.open(libc, NetworkNamespace.of(libc, namespace), Netlink.NETFILTER)) {
                Dump dump = new Dump(socket, ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM));
                MessageWriter request = MessageWriter.onHeap(REQUEST);
                for (int i = 1; i <= MOST_TRIES; i++) {
                    TableDump.request(request.clear(), kind, family, ++sequence, values);
                    List<T> found = new ArrayList<>();
                    Dump.End end = dump.run(
                            request.written(),
                            sequence,
                            message -> objects.apply(message).forEach(found::add));
                    if (end == Dump.End.COMPLETE) {
                        return found;
                    }
                }
            }
            return List.of();
        } catch (NetlinkException | IllegalStateException | ProgramMissingException _) {
            return List.of();
        }
    }
}
