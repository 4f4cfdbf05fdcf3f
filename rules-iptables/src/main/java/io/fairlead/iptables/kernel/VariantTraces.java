package io.fairlead.iptables.kernel;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel holds of one variant of iptables, as far as it shows which variant a node uses (SYNC-19). For this
 * purpose the kubelet keeps a chain in table mangle: KUBE-IPTABLES-HINT since 1.24, KUBE-KUBELET-CANARY since 1.17.
 *
 * @param kubelet whether the chain of the kubelet exists
 * @param proxy whether there are chains of a kube-proxy or of Fairlead
 * @param rules the number of rules, of all programs
 */
public record VariantTraces(boolean kubelet, boolean proxy, long rules) {
    private static final List<String> KUBELET = List.of(":KUBE-IPTABLES-HINT ", ":KUBE-KUBELET-CANARY ");
    private static final List<String> PROXY = List.of(":KUBE-PROXY-CANARY ", ":KUBE-SERVICES ");

    /** No traces; also used if the tools are missing or the kernel does not answer them. */
    public static final VariantTraces NONE = new VariantTraces(false, false, 0);

    /**
     * Returns the traces in all tables. With the legacy variant, single tables must not be queried, since the kernel
     * creates a table that is queried.
     *
     * @param programs the programs of both families: "iptables-legacy", "ip6tables-legacy"
     */
    public static VariantTraces everywhere(ProcessRunner runner, List<String> programs) {
        return of(runner, programs);
    }

    /** Returns the traces in table mangle. It is small and holds the chains that distinguish the variants. */
    public static VariantTraces inMangle(ProcessRunner runner, List<String> programs) {
        return of(runner, programs, "-t", "mangle");
    }

    private static VariantTraces of(ProcessRunner runner, List<String> programs, String... options) {
        return programs.stream()
                .map(program -> of(
                        runner,
                        Command.of(Stream.concat(Stream.of(program + "-save"), Stream.of(options))
                                .toArray(String[]::new))))
                .reduce(NONE, VariantTraces::and);
    }

    private static VariantTraces of(ProcessRunner runner, Command save) {
        try {
            ProcessResult result = runner.run(save);
            return result.succeeded() ? of(result.output()) : NONE;
        } catch (ProgramMissingException _) {
            return NONE;
        }
    }

    /** Returns the traces in the output of iptables-save. */
    static VariantTraces of(String saved) {
        boolean kubelet = false;
        boolean proxy = false;
        long rules = 0;
        for (String line : (Iterable<String>) saved.lines()::iterator) {
            kubelet |= KUBELET.stream().anyMatch(line::startsWith);
            proxy |= PROXY.stream().anyMatch(line::startsWith);
            rules += line.startsWith("-A ") ? 1 : 0;
        }
        return new VariantTraces(kubelet, proxy, rules);
    }

    private VariantTraces and(VariantTraces other) {
        return new VariantTraces(kubelet || other.kubelet, proxy || other.proxy, rules + other.rules);
    }
}
