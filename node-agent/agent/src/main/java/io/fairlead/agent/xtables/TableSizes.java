package io.fairlead.agent.xtables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the sizes of legacy iptables tables without listing their rules (struct ipt_getinfo, the same for IPv6;
 * unchanged since Linux 2.4). The kernel reports where the rules of each hook start and end, the number of rules, and
 * their bytes. These numbers change when a rule is added, removed, or replaced by a rule of a different length. A read
 * needs CAP_NET_ADMIN and takes 2 us.
 *
 * <p>When the size of a table is requested, the kernel creates the table and loads its module. Therefore only tables to
 * which the agent writes are requested.
 */
final class TableSizes implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    /** IPT_SO_GET_INFO and IP6T_SO_GET_INFO: the socket options that return the size of a table. */
    private static final int GET_INFO = 64;

    private static final int NAME = 32;
    private static final int LENGTH = NAME + 4 * (1 + 5 + 5 + 1 + 1);

    private static final int ENTRIES = NAME + 4 * (1 + 5 + 5);

    /** A table of an IP family. */
    record Place(IpFamily family, Table table) implements Comparable<Place> {
        String text() {
            return family.text() + " " + table.text();
        }

        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::family)
                    .thenComparing(Place::table)
                    .compare(this, other);
        }
    }

    /**
     * The size of a table.
     *
     * @param entries the number of entries: rules, and the starts and ends of chains
     * @param all all bytes that the kernel reports, to be compared with an earlier report
     */
    record Size(int entries, String all) {}

    private final Libc libc;
    private final Map<IpFamily, Integer> sockets = new EnumMap<>(IpFamily.class);

    private TableSizes(Libc libc) {
        this.libc = libc;
    }

    /** Opens sockets in the network namespace of the calling thread. Other threads may use the result. */
    static TableSizes open(Libc libc) {
        TableSizes sizes = new TableSizes(libc);
        for (IpFamily family : IpFamily.values()) {
            int socket = libc.socket(family == IpFamily.IPV4 ? AF_INET : AF_INET6, SOCK_DGRAM_CLOEXEC, 0);
            if (socket >= 0) {
                sizes.sockets.put(family, socket);
            }
        }
        return sizes;
    }

    /** Returns whether the kernel reports the size of the table nat for at least one IP family. */
    boolean areKnown() {
        return Arrays.stream(IpFamily.values())
                .anyMatch(family -> of(new Place(family, Table.NAT)).isPresent());
    }

    /** Returns the size of a table; empty if the kernel does not report it. */
    Optional<Size> of(Place place) {
        Integer socket = sockets.get(place.family());
        if (socket == null) {
            return Optional.empty();
        }
        byte[] value = Arrays.copyOf(place.table().text().getBytes(StandardCharsets.US_ASCII), LENGTH);
        int level = place.family() == IpFamily.IPV4 ? IPPROTO_IP : IPPROTO_IPV6;
        int answer = libc.getsockopt(socket, level, GET_INFO, value, new int[] {LENGTH});
        return answer == 0
                ? Optional.of(new Size(
                        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt(ENTRIES),
                        new String(value, StandardCharsets.ISO_8859_1)))
                : Optional.empty();
    }

    @Override
    public void close() {
        sockets.values().forEach(libc::close);
        sockets.clear();
    }
}
