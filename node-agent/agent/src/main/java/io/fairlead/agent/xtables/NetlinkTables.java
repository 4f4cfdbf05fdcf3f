package io.fairlead.agent.xtables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.kernel.CLibrary;
import io.fairlead.nft.kernel.NetworkNamespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/**
 * Asks nf_tables by netlink, with no program and no library between: an object that is not understood spoils nothing.
 * Whatever goes wrong, there is nothing to tell; what iptables says counts alone then.
 */
public final class NetlinkTables implements RawTables {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_NETFILTER = 12;
    private static final int EINTR = 4;
    /** A kernel that changes all the time is not asked for ever. */
    private static final int MOST_TRIES = 5;

    private final String namespace;
    /** The kernel's datagrams of a dump have 32 KiB at most. */
    private final byte[] datagram = new byte[1 << 16];

    private NetlinkTables(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Those of a network namespace.
     *
     * @param namespace as {@code ip netns} names it; "" for the calling thread's
     */
    public static RawTables of(String namespace) {
        return new NetlinkTables(namespace);
    }

    @Override
    public List<String> chains(IpFamily family, Table table) {
        return dump(TableDump.GET_CHAIN, family, Map.of()).stream()
                .flatMap(chain -> TableDump.chain(chain, table.text()).stream())
                .toList();
    }

    @Override
    public List<RawRule> rules(IpFamily family, Table table, String chain) {
        return dump(TableDump.GET_RULE, family, Map.of(TableDump.TABLE, table.text(), TableDump.CHAIN_OR_SET, chain))
                .stream()
                .map(TableDump::rule)
                .toList();
    }

    @Override
    public List<MapTarget> maps(IpFamily family, Table table) {
        List<MapTarget> targets = new ArrayList<>();
        Map<Integer, String> ofTable = Map.of(TableDump.TABLE, table.text());
        for (Attributes set : dump(TableDump.GET_SET, family, ofTable)) {
            TableDump.verdictMap(set)
                    .ifPresent(map -> dump(
                                    TableDump.GET_ELEMENTS,
                                    family,
                                    Map.of(TableDump.TABLE, table.text(), TableDump.CHAIN_OR_SET, map))
                            .forEach(elements -> TableDump.targets(elements)
                                    .forEach(chain -> targets.add(new MapTarget(map, chain)))));
        }
        return targets;
    }

    private List<Attributes> dump(int kind, IpFamily family, Map<Integer, String> values) {
        try {
            CLibrary libc = CLibrary.load();
            return NetworkNamespace.of(libc, namespace)
                    .run(() -> dump(libc, TableDump.request(kind, number(family), values)));
        } catch (IllegalStateException | ProgramMissingException _) {
            return List.of();
        }
    }

    private List<Attributes> dump(CLibrary libc, byte[] request) {
        int socket = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
        try {
            for (int i = 1; socket >= 0 && i <= MOST_TRIES; i++) {
                List<Attributes> objects = new ArrayList<>();
                if (isWhole(libc, socket, request, objects)) {
                    return objects;
                }
            }
            return List.of();
        } finally {
            if (socket >= 0) {
                libc.close(socket);
            }
        }
    }

    /** False if something has changed meanwhile. */
    private boolean isWhole(CLibrary libc, int socket, byte[] request, List<Attributes> into) {
        if (libc.send(socket, request, request.length, 0) != request.length) {
            throw new IllegalStateException("nf_tables cannot be asked");
        }
        boolean whole = true;
        while (true) {
            long length = libc.recv(socket, datagram, datagram.length, 0);
            if (length < 0 && LastError.getLastError(Runtime.getRuntime(libc)) == EINTR) {
                continue;
            }
            if (length <= 0) {
                throw new IllegalStateException("nf_tables does not answer");
            }
            TableDump.Answer answer = TableDump.answer(Arrays.copyOf(datagram, (int) length), (int) length);
            into.addAll(answer.objects());
            whole &= !answer.interrupted();
            if (answer.error() != 0) {
                throw new IllegalStateException("nf_tables answers with errno " + answer.error());
            }
            if (answer.ended()) {
                return whole;
            }
        }
    }

    private static byte number(IpFamily family) {
        return (byte) (family == IpFamily.IPV4 ? 2 : 10);
    }
}
