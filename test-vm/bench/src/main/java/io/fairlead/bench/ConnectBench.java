package io.fairlead.bench;

import io.fairlead.cli.CommandException;
import io.fairlead.cli.ExitCode;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.lab.Addresses;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures the duration of connect() to the last of many Services, with rules in a linear chain and in a tree of
 * chains. For comparison it measures connect() to the endpoint without rules. A packet goes from a host through the
 * node to a pod. Every measured set-up (subject) has its own three namespaces. The subjects are measured in turns, so
 * that other work of the machine affects all of them equally.
 */
final class ConnectBench {
    private static final int PORT = 8080;
    private static final int TURNS = 20;
    private static final int CONNECTIONS_A_TURN = 250;
    private static final int BACKLOG = 1024;
    private static final Duration ANY_TIME = Duration.ofMinutes(15);

    private final ProcessRunner processes;
    private final PrintWriter out;
    private final BenchCluster cluster;
    private final IptablesOptions options;

    ConnectBench(ProcessRunner processes, PrintWriter out, BenchCluster cluster, IptablesOptions.Variant variant) {
        this.processes = processes;
        this.out = out;
        this.cluster = cluster;
        this.options = IptablesOptions.defaults().with(variant);
    }

    /** One of the compared set-ups, with its three namespaces. */
    private final class Subject implements AutoCloseable {
        private final InetSocketAddress to;
        private final Lab lab;
        private final LabHost client;
        private final ServerSocketChannel server;
        private final List<Long> took = new ArrayList<>();

        Subject(String name, InetSocketAddress to) {
            this.to = to;
            this.lab = Lab.open(processes, "fairlead-connect-" + name, List.of(Ip.parse("192.168.0.10")));
            try {
                this.client = lab.add("client", Lab.Side.OUTSIDE, List.of(Ip.parse("192.168.0.254")));
                this.server = lab.add("pod", Lab.Side.POD, List.of(cluster.lastEndpoint()))
                        .inside(() -> ServerSocketChannel.open(StandardProtocolFamily.INET)
                                .bind(new InetSocketAddress(PORT), BACKLOG));
            } catch (RuntimeException e) {
                lab.close();
                throw e;
            }
        }

        /** Adds a NAT rule, because without a rule that needs it, the kernel tracks no connections. */
        void track() {
            String program = options.variant().program(IpFamily.IPV4);
            ProcessResult result = lab.nodeRunner()
                    .run(Command.of(
                            program,
                            "-w",
                            "-t",
                            "nat",
                            "-A",
                            "POSTROUTING",
                            "-s",
                            "198.18.0.0/15",
                            "-j",
                            "MASQUERADE"));
            if (!result.succeeded()) {
                throw new CommandException(
                        ExitCode.KERNEL, program + ": " + result.error().strip());
            }
        }

        void load(Plan plan, Layout layout) {
            ProcessRunner runner = lab.nodeRunner();
            Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                            command -> runner.run(command.withTimeout(ANY_TIME)), options.with(layout))
                    .backend();
            backend.kernel()
                    .apply(backend.layout()
                            .diff(backend.kernel().read(), backend.layout().render(plan)));
        }

        void turn() {
            took.addAll(client.inside(this::connect));
        }

        private List<Long> connect() throws IOException {
            List<Long> times = new ArrayList<>(CONNECTIONS_A_TURN);
            for (int i = 0; i < CONNECTIONS_A_TURN; i++) {
                try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET)) {
                    // Close with a reset, so that no connection stays in TIME-WAIT.
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    long begun = System.nanoTime();
                    channel.connect(to);
                    times.add(System.nanoTime() - begun);
                    server.accept().close();
                }
            }
            return times;
        }

        /** Returns the median duration in microseconds. */
        double median() {
            long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[sorted.length / 2] / 1e3;
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new CommandException(ExitCode.KERNEL, "cannot close a socket: " + e.getMessage());
            } finally {
                lab.close();
            }
        }
    }

    /** Measures all subjects and prints one line for each. */
    void run() {
        InetSocketAddress direct = Addresses.socketAddress(cluster.lastEndpoint(), PORT);
        InetSocketAddress last = Addresses.socketAddress(cluster.lastAddress(), BenchCluster.PORT);
        try (Subject none = new Subject("none", direct);
                Subject tracked = new Subject("tracked", direct);
                Subject one = new Subject("one", last);
                Subject flat = new Subject("flat", last);
                Subject tree = new Subject("tree", last)) {
            tracked.track();
            one.load(plan(cluster.lastAlone()), Layout.AUTO);
            flat.load(plan(cluster.state()), Layout.FLAT);
            tree.load(plan(cluster.state()), Layout.TREE);
            List<Subject> subjects = List.of(none, tracked, one, flat, tree);
            subjects.forEach(Subject::turn);
            subjects.forEach(subject -> subject.took.clear());
            for (int turn = 0; turn < TURNS; turn++) {
                subjects.forEach(Subject::turn);
            }
            line("no rules, connections not tracked", none, none, one);
            line("no rules, connections tracked", tracked, none, one);
            line("the only Service", one, none, one);
            line("the last Service, linear chain", flat, none, one);
            line("the last Service, tree", tree, none, one);
        }
    }

    private void line(String what, Subject subject, Subject none, Subject one) {
        out.printf(
                Locale.ROOT,
                "  connect: %-38s %8.1f us   %.2f of no rules, %.2f of one Service%n",
                what,
                subject.median(),
                subject.median() / none.median(),
                subject.median() / one.median());
    }

    private static Plan plan(ClusterState state) {
        return Planner.plan(state, NodeSettings.defaults(ProxyMode.IPTABLES, "bench"));
    }
}
