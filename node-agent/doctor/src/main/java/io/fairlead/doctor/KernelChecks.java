package io.fairlead.doctor;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the kernel's version and features, forwarding, and the clock. */
final class KernelChecks {
    /** The start of the result of a feature that could not be tried; the reason follows. */
    private static final String NOT_TRIED = "not tried: ";

    /** A clock before this time is wrong, because this program is newer. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private static final Set<String> SLOW_CLOCKS = Set.of("hpet", "acpi_pm", "jiffies");

    private KernelChecks() {}

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        version(node, found);
        features(node, found);
        forwarding(node, found);
        clock(node, found);
        return found;
    }

    private static void version(Examined node, List<Diagnosis> found) {
        Optional<Version> kernel = Version.find(node.kernel());
        if (kernel.isEmpty()) {
            return;
        }
        if (node.mode() == ProxyMode.NFTABLES && kernel.get().isBefore(5, 13, 0)) {
            found.add(Diagnosis.error(
                    "kernel-version",
                    "the kernel is " + node.kernel() + ", and nftables mode needs Linux 5.13 or later",
                    "kube-proxy and Fairlead refuse nftables mode on older kernels, whose nf_tables has faults",
                    "use iptables mode on this node, or upgrade the kernel"));
        } else if (kernel.get().isBefore(5, 13, 0)) {
            found.add(Diagnosis.note(
                    "kernel-version",
                    "the kernel is " + node.kernel() + ", older than Linux 5.13",
                    "nftables mode is refused on this kernel, so this node cannot change its mode",
                    "plan an upgrade of the kernel before a change to nftables mode"));
        }
    }

    /**
     * Reports the features that the kernel refuses: as errors or warnings if the mode in use needs them, and as notes
     * if only the other mode needs them. Reports features that were not tried in one note.
     */
    private static void features(Examined node, List<Diagnosis> found) {
        String used = node.mode() == ProxyMode.NFTABLES ? "nft: " : "iptables: ";
        List<String> untried = new ArrayList<>();
        node.trial().forEach((feature, result) -> {
            if (result.equals("works")) {
                return;
            }
            if (result.startsWith(NOT_TRIED)) {
                untried.add(result);
                return;
            }
            String what = "the kernel or the tool refuses \"" + feature + "\": " + result;
            if (feature.startsWith(used)) {
                boolean needed = !feature.endsWith("IPv6") && !feature.endsWith("remembered clients");
                found.add(new Diagnosis(
                        "kernel-feature",
                        needed ? Severity.ERROR : Severity.WARNING,
                        what,
                        "the rules of " + node.mode().text() + " mode use it"
                                + (feature.endsWith("remembered clients") ? " for ClientIP affinity" : ""),
                        "load the kernel module of this feature or build it into the kernel; for an extension that the"
                                + " tool lacks, install the extension"));
            } else {
                found.add(Diagnosis.note(
                        "kernel-feature",
                        what,
                        "the rules of the other mode would need it",
                        "nothing, unless the mode of this node is to change"));
            }
        });
        if (!untried.isEmpty()) {
            found.add(Diagnosis.note(
                    "kernel-feature",
                    untried.size() + " features of the kernel were not tried; the first reason: "
                            + untried.getFirst().substring(NOT_TRIED.length()),
                    "a missing feature shows only when rules are written",
                    "run as root with the capabilities SYS_ADMIN and NET_ADMIN, with nft and iptables installed"));
        }
    }

    private static void forwarding(Examined node, List<Diagnosis> found) {
        for (String name : List.of("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding")) {
            boolean ipv6 = name.contains("ipv6");
            boolean used = node.dump().routing().allAddresses().stream()
                    .anyMatch(ip -> !ip.isLoopback()
                            && (ip.family() == IpFamily.IPV6) == ipv6
                            && !ip.text().startsWith("fe80:"));
            if (used && node.setting(name).orElse(1) == 0) {
                found.add(new Diagnosis(
                        "ip-forward",
                        ipv6 ? Severity.NOTE : Severity.ERROR,
                        name + " is 0",
                        "the node drops packets for pods that arrive from outside or from other nodes",
                        "sysctl -w " + name + "=1, also in /etc/sysctl.d"));
            }
        }
    }

    private static void clock(Examined node, List<Diagnosis> found) {
        Instant clock = node.clock();
        if (clock != null && clock.isBefore(EARLIEST)) {
            found.add(Diagnosis.error(
                    "clock",
                    "the clock of the node says " + clock,
                    "certificates and tokens are not valid yet at that time, so the API server cannot be reached",
                    "set the clock, and run a time service"));
        }
        if (SLOW_CLOCKS.contains(node.clockSource())) {
            found.add(Diagnosis.warning(
                    "clock",
                    "the kernel reads the clock " + node.clockSource(),
                    "each reading is a slow access to a device; a busy node loses much processor time that way",
                    "check dmesg for \"clocksource\": the kernel gave up the faster one; on virtual machines use"
                            + " kvm-clock or tsc"));
        }
    }
}
