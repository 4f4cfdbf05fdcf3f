package io.fairlead.iptables.kernel;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one of the two variants of iptables has in the kernel, as far as it tells which one a node uses (SYNC-19). The
 * kubelet keeps a chain of its own in table mangle for this: KUBE-IPTABLES-HINT since 1.24, KUBE-KUBELET-CANARY since
 * 1.17.
 *
 * @param kubelet whether the kubelet has its chain there
 * @param proxy whether there are chains that a kube-proxy has, or we do
 * @param rules how many rules there are, whoever's
 */
public record VariantTraces(boolean kubelet, boolean proxy, long rules) {
    private static final List<String> KUBELET = List.of(":KUBE-IPTABLES-HINT ", ":KUBE-KUBELET-CANARY ");
    private static final List<String> PROXY = List.of(":KUBE-PROXY-CANARY ", ":KUBE-SERVICES ");

    /** Also where there are no such tools, or the kernel does not answer them. */
    public static final VariantTraces NONE = new VariantTraces(false, false, 0);

    /**
     * Those in all tables. Of the legacy variant nothing else may be asked for, since the kernel makes a table of its
     * that is asked for.
     *
     * @param programs of both families: "iptables-legacy", "ip6tables-legacy"
     */
    public static VariantTraces everywhere(ProcessRunner runner, List<String> programs) {
        return of(runner, programs);
    }

    /** Those in table mangle, where the chains are that tell most: it is small. */
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

    /** Those in the output of an iptables-save. */
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
