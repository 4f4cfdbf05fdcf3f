package io.fairlead.iptables.kernel;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Describes the rules and chains that the kernel holds for one variant of iptables. They show which variant a node uses
 * (SYNC-19). For this purpose, the kubelet keeps a chain in table mangle: KUBE-IPTABLES-HINT since 1.24,
 * KUBE-KUBELET-CANARY since 1.17.
 *
 * @param kubelet whether the chain of the kubelet exists
 * @param proxy whether there are chains of kube-proxy or Fairlead
 * @param rules the number of rules of all programs
 * @param extent the part of the rules that the tools could show
 */
public record VariantTraces(boolean kubelet, boolean proxy, long rules, Extent extent) {
    /** The part of the rules that the tools could show, from the largest to the smallest. */
    public enum Extent {
        /** All rules. */
        ALL,
        /**
         * Not all rules: the nft variant cannot show rules that nft wrote (1.8.9). If a table contains such a rule, the
         * program either leaves out the table, or it prints the names of the chains, stops at the rule and fails.
         */
        PART,
        /**
         * No rules: the program is installed and fails. Either the kernel does not support these tables, or this
         * process may not read them.
         */
        UNREADABLE,
        /** No rules: the programs are not installed. */
        NOT_INSTALLED
    }

    private static final List<String> KUBELET = List.of(":KUBE-IPTABLES-HINT ", ":KUBE-KUBELET-CANARY ");
    private static final List<String> PROXY = List.of(":KUBE-PROXY-CANARY ", ":KUBE-SERVICES ");

    private static final VariantTraces NONE = new VariantTraces(false, false, 0, Extent.ALL);

    /**
     * Returns the description of all tables. With the legacy variant, single tables must not be queried, because the
     * kernel creates a table when it is queried.
     *
     * @param programs the names of the programs for IPv4 and for IPv6: "iptables-legacy", "ip6tables-legacy"
     */
    public static VariantTraces everywhere(ProcessRunner runner, List<String> programs) {
        return of(runner, programs);
    }

    /**
     * Returns the description of table mangle only. This table is small, and it contains the chains of the kubelet and
     * a chain of the proxy.
     *
     * @param programs the names of the programs for IPv4 and for IPv6: "iptables-nft", "ip6tables-nft"
     */
    public static VariantTraces inMangle(ProcessRunner runner, List<String> programs) {
        return of(runner, programs, "-t", "mangle");
    }

    private static VariantTraces of(ProcessRunner runner, List<String> programs, String... options) {
        VariantTraces all = NONE;
        for (String program : programs) {
            Command save = Command.of(Stream.concat(Stream.of(program + "-save"), Stream.of(options))
                    .toArray(String[]::new));
            VariantTraces one = of(runner, save);
            // On a node without IPv6, only the program for IPv6 fails.
            boolean first = program.equals(programs.getFirst());
            if (first && one.extent.compareTo(Extent.UNREADABLE) >= 0) {
                return one;
            }
            all = all.and(one);
        }
        return all;
    }

    private static VariantTraces of(ProcessRunner runner, Command save) {
        try {
            ProcessResult result = runner.run(save);
            VariantTraces shown = of(result.output());
            if (result.succeeded()) {
                return shown;
            }
            boolean namesChains = result.output().lines().anyMatch(line -> line.startsWith(":"));
            return new VariantTraces(
                    shown.kubelet, shown.proxy, shown.rules, namesChains ? Extent.PART : Extent.UNREADABLE);
        } catch (ProgramMissingException _) {
            return new VariantTraces(false, false, 0, Extent.NOT_INSTALLED);
        }
    }

    /** Returns the description of the tables in an output of iptables-save. */
    static VariantTraces of(String saved) {
        boolean kubelet = false;
        boolean proxy = false;
        long rules = 0;
        Extent extent = Extent.ALL;
        for (String line : (Iterable<String>) saved.lines()::iterator) {
            kubelet |= KUBELET.stream().anyMatch(line::startsWith);
            proxy |= PROXY.stream().anyMatch(line::startsWith);
            rules += line.startsWith("-A ") ? 1 : 0;
            if (line.startsWith("# Table ") && line.contains(" is incompatible")) {
                extent = Extent.PART;
            }
        }
        return new VariantTraces(kubelet, proxy, rules, extent);
    }

    private VariantTraces and(VariantTraces other) {
        boolean isPart = extent == Extent.PART || other.extent == Extent.PART;
        return new VariantTraces(
                kubelet || other.kubelet, proxy || other.proxy, rules + other.rules, isPart ? Extent.PART : Extent.ALL);
    }
}
