package io.fairlead.bench;

import io.fairlead.cli.CommandException;
import io.fairlead.cli.ExitCode;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.lab.Addresses;
import io.fairlead.lab.Lab;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nftables.kernel.NetlinkNftables;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;

/**
 * A network namespace whose only route leads to a device that drops every packet. A packet to any address passes all
 * rules before it is dropped, and conntrack stores its flow.
 */
final class BenchNetwork implements AutoCloseable {
    private static final Ip ADDRESS = Ip.parse("192.0.2.1");

    private final Lab lab;

    BenchNetwork(ProcessRunner processes) {
        lab = Lab.open(processes, "bench", List.of(ADDRESS));
        try {
            must("ip", "link", "add", "nowhere", "arp", "off", "type", "veth", "peer", "name", "unplugged");
            must("ip", "link", "set", "nowhere", "up");
            must("ip", "route", "replace", "default", "dev", "nowhere");
            lab.node().sysctl("netfilter/nf_conntrack_udp_timeout", "600");
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Returns the name of the namespace as in {@code ip netns}. */
    String namespace() {
        return lab.node().namespace();
    }

    /** Opens the nftables of the namespace in the way in which the agent does. */
    Nftables nftables() {
        return NetlinkNftables.open(namespace());
    }

    ProcessRunner inside() {
        return lab.nodeRunner();
    }

    List<Ip> addresses() {
        return List.copyOf(lab.nodeAddresses());
    }

    /**
     * Sends one datagram to each target from a new port. Each datagram starts a new flow.
     *
     * @return the duration in nanoseconds
     */
    long send(List<IpPort> targets) {
        List<InetSocketAddress> addresses = targets.stream()
                .map(target -> Addresses.socketAddress(target.ip(), target.port()))
                .toList();
        return lab.node().inside(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(Addresses.socketAddress(ADDRESS, 0));
                ByteBuffer nothing = ByteBuffer.allocateDirect(1);
                long begun = System.nanoTime();
                for (InetSocketAddress address : addresses) {
                    channel.send(nothing.rewind(), address);
                }
                return System.nanoTime() - begun;
            }
        });
    }

    private void must(String... words) {
        ProcessResult result = inside().run(Command.of(words));
        if (!result.succeeded()) {
            throw new CommandException(
                    ExitCode.KERNEL,
                    String.join(" ", words) + ": " + result.error().strip());
        }
    }

    @Override
    public void close() {
        lab.close();
    }
}
