package io.fairlead.e2e.guest;

import io.fairlead.cli.scenario.Scenario;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.ScenarioCheck;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.e2e.packets.ShrinkTest;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program that runs in a virtual machine. It checks the same scenarios as the tests outside, with the kernel and
 * tools of the machine, and prints one line for each finding. All checks run in one process, because a JVM needs 5 s to
 * start in the machine.
 */
final class InGuest {
    /** The scenarios of the short run. */
    private static final Set<String> FEW = Set.of("cluster-ip", "dual-stack", "node-port", "session-affinity");

    private static final Set<ApplyFailedException.Kind> MISSING =
            Set.of(ApplyFailedException.Kind.MISSING_KERNEL_FEATURE, ApplyFailedException.Kind.MISSING_TOOL);

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final List<Scenario> scenarios;

    private InGuest(Path folder) {
        this.scenarios = Scenario.all(folder);
    }

    /**
     * Runs the named parts.
     *
     * @param args the folder of scenarios, followed by the parts to run: nftables, iptables-nft, iptables-legacy,
     *     shrink, few (which makes the modes run few scenarios)
     */
    @SuppressWarnings("SystemOut") // Findings leave the machine by standard output and the serial line.
    public static void main(String[] args) {
        Set<String> parts = Set.copyOf(List.of(args).subList(1, args.length));
        InGuest guest = new InGuest(Path.of(args[0]));
        boolean few = parts.contains("few");
        boolean nftables = guest.find("nftables: versions", InGuest::versions);
        List<Runnable> modes = new ArrayList<>();
        if (nftables && parts.contains("nftables")) {
            modes.add(() -> guest.mode("nftables", ProxyMode.NFTABLES, Variant.SYSTEM, few));
        }
        if (parts.contains("iptables-nft")) {
            modes.add(() -> guest.mode("iptables-nft", ProxyMode.IPTABLES, Variant.NFT, few));
        }
        if (parts.contains("iptables-legacy")) {
            modes.add(() -> guest.mode("iptables-legacy", ProxyMode.IPTABLES, Variant.LEGACY, few));
        }
        // The modes run at the same time, each in its own network namespaces, because they mostly wait and the machine
        // has two processors. If a mode cannot run at all, join() throws, and the program ends with an error status.
        CompletableFuture.allOf(modes.stream()
                        .map(mode -> CompletableFuture.runAsync(mode, task -> new Thread(task).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        if (nftables && parts.contains("shrink")) {
            guest.find("nftables: no flow lost between the two lookups", InGuest::shrink);
        }
        System.exit(0);
    }

    private void mode(String name, ProxyMode mode, Variant variant, boolean few) {
        try (World world = new World(mode, "lab-" + name)) {
            ProcessRunner node = world.nodeRunner();
            String before = everything(node);
            Kernel<?, ?> kernel = Kernel.open(mode, node, variant);
            ScenarioCheck check = new ScenarioCheck(world, PATIENCE, SILENCE);
            List<Scenario> chosen = scenarios.stream()
                    .filter(scenario -> !few || FEW.contains(scenario.toString()))
                    .toList();
            boolean loads = find(name + ": rules load", () -> {
                kernel.bring(world.plan(chosen.getFirst().input().state()));
                return "";
            });
            if (!loads) {
                return;
            }
            find(name + ": packets of IPv4 and IPv6", () -> {
                List<String> found = new ArrayList<>();
                long rows = 0;
                for (Scenario scenario : chosen) {
                    kernel.advance(world.plan(scenario.input().state()));
                    found.addAll(check.disagreements(scenario, mode));
                    rows += ScenarioCheck.rows(scenario, mode);
                }
                orFail(found);
                if (!kernel.inStep(world.plan(chosen.getLast().input().state()))) {
                    throw new IllegalStateException("the rules are not those that were written last");
                }
                return chosen.size() + " scenarios, " + rows + " flows";
            });
            Scenario sticky = scenario("session-affinity");
            find(name + ": affinity", () -> {
                kernel.bring(world.plan(sticky.input().state()));
                orFail(check.disagreements(sticky, mode));
                return "";
            });
            find(name + ": restart over existing rules", () -> {
                Plan plan = world.plan(scenario("cluster-ip").input().state());
                kernel.bring(plan);
                if (!Kernel.open(mode, node, variant).inStep(plan)) {
                    throw new IllegalStateException("a restart would change rules");
                }
                orFail(check.disagreements(scenario("cluster-ip"), mode));
                return "";
            });
            find(name + ": cleanup", () -> {
                kernel.remove();
                String after = everything(node);
                if (!after.equals(before)) {
                    throw new IllegalStateException("before: " + before + " after: " + after);
                }
                return "";
            });
        }
    }

    private Scenario scenario(String name) {
        return scenarios.stream()
                .filter(scenario -> scenario.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Checks the versions as the agent does at its start. */
    private static String versions() throws IOException {
        NftCheck.requireKernel(Files.readString(Path.of("/proc/sys/kernel/osrelease"), StandardCharsets.UTF_8));
        new NftCheck(new ExecProcessRunner()).requireNft();
        return "";
    }

    @SuppressWarnings(
            "JUnitMethodInvoked") // JUnit is not used in the machine, because its start alone would take half a minute.
    private static String shrink() throws Exception {
        ShrinkTest test = new ShrinkTest();
        try {
            test.open();
            test.losesNoFlowBetweenTheTwoLookups();
        } finally {
            test.close();
        }
        return "";
    }

    private static void orFail(List<String> found) {
        if (!found.isEmpty()) {
            throw new IllegalStateException(found.size() + " flows have another outcome: " + found);
        }
    }

    /**
     * Returns all rules in both variants of iptables, Fairlead's own chains there, and the names of Fairlead's nftables
     * tables. Built-in chains are left out, because they may appear when their table is read. KUBE-FIREWALL is left
     * out, because it also belongs to the kubelet and is not deleted (CLN-4).
     */
    private static String everything(ProcessRunner node) {
        return Stream.of(
                        Command.of("iptables-legacy-save"),
                        Command.of("ip6tables-legacy-save"),
                        Command.of("iptables-nft-save"),
                        Command.of("ip6tables-nft-save"),
                        Command.of("nft", "list", "tables"))
                .flatMap(command -> node.run(command).output().lines())
                .filter(line -> line.startsWith("-A") || line.startsWith(":KUBE") || line.endsWith(" kube-proxy"))
                .filter(line -> !line.contains("KUBE-FIREWALL"))
                .collect(Collectors.joining("\n"));
    }

    /** Tries a feature and prints the finding. Returns whether the feature works. */
    @SuppressWarnings("SystemOut")
    private boolean find(String feature, Callable<String> attempt) {
        long start = System.nanoTime();
        Finding finding;
        try {
            String text = attempt.call();
            finding = new Finding(feature, Finding.Verdict.WORKS, text);
        } catch (Exception | AssertionError e) {
            finding = new Finding(feature, verdict(e), String.valueOf(e.getMessage()));
        }
        System.out.println(finding.line() + " ("
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s)");
        System.out.flush();
        return finding.verdict() == Finding.Verdict.WORKS;
    }

    private static Finding.Verdict verdict(Throwable failure) {
        return failure instanceof ApplyFailedException refused && MISSING.contains(refused.kind())
                ? Finding.Verdict.REFUSED
                : Finding.Verdict.BROKEN;
    }
}
