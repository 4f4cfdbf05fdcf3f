package io.fairlead.cli;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Removes the rules of one mode from the kernel. Fairlead's chains and tables have the same names as kube-proxy's, so
 * kube-proxy's rules are removed too.
 */
final class RuleRemoval {
    private static final Logger LOG = AgentLog.LOG;

    private RuleRemoval() {}

    /** The result of a removal. */
    sealed interface Outcome {
        /**
         * There are no rules to remove.
         *
         * @param reason why there can be no rules; "" if there could be rules, but none were found
         */
        record Nothing(String reason) implements Outcome {}

        /**
         * Rules were found. They were removed, except in a dry run.
         *
         * @param lines the number of lines of the rules
         */
        record Found(long lines) implements Outcome {}

        /**
         * Only a part of the rules could be removed, because rules of other programs refer to the rest.
         *
         * @param lines the number of removed lines
         * @param leftovers the remaining objects and the rules that refer to them
         */
        record Partly(long lines, List<String> leftovers) implements Outcome {}

        /** The removal failed. Rules that an earlier transaction of the removal deleted stay deleted. */
        record Failed(String message) implements Outcome {}
    }

    /** Returns all places in the kernel where rules of the given modes may be. */
    static List<Dialect.Place> places(Wiring wiring, List<ProxyMode> modes) {
        return modes.stream()
                .flatMap(mode -> wiring.dialect(mode).places().stream())
                .toList();
    }

    /**
     * Removes the rules.
     *
     * @param first receives the change before it is applied
     * @param dryRun whether the change is not applied
     */
    static Outcome run(Backend<?, ?> backend, Consumer<ChangeReport> first, boolean dryRun) {
        try {
            return remove(backend, first, dryRun);
        } catch (ProgramMissingException e) {
            return new Outcome.Nothing(String.valueOf(e.getMessage()));
        } catch (ApplyFailedException e) {
            return switch (e.kind()) {
                // Without the program, or without nf_tables in the kernel, there can be no rules.
                case MISSING_TOOL, MISSING_KERNEL_FEATURE -> new Outcome.Nothing(String.valueOf(e.getMessage()));
                case LOCKED, NOT_FOUND, EXISTS, NOT_PERMITTED, REJECTED, TIMED_OUT ->
                    new Outcome.Failed(String.valueOf(e.getMessage()));
            };
        } catch (UnknownRuleException e) {
            return new Outcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    private static <R extends Ruleset, C extends Change> Outcome remove(
            Backend<R, C> backend, Consumer<ChangeReport> first, boolean dryRun) {
        R before = backend.kernel().read();
        C change = backend.layout().removal(before);
        ChangeReport report = change.report();
        List<String> leftovers = List.of();
        if (change.isEmpty()) {
            leftovers = backend.layout().leftovers(before);
        } else {
            first.accept(report);
            if (!dryRun) {
                backend.kernel().apply(change);
                leftovers = backend.layout().leftovers(backend.kernel().read());
            }
        }
        if (!leftovers.isEmpty()) {
            return new Outcome.Partly(report.removed(), leftovers);
        }
        return change.isEmpty() ? new Outcome.Nothing("") : new Outcome.Found(report.removed());
    }

    /** Logs the result of a removal. */
    static void log(String name, Outcome outcome) {
        switch (outcome) {
            case Outcome.Nothing(String reason) ->
                LOG.info("{}: nothing to remove{}", name, reason.isEmpty() ? "" : " (" + reason + ")");
            case Outcome.Found(long lines) -> LOG.info("{}: removed {} lines", name, lines);
            case Outcome.Partly(long lines, List<String> leftovers) ->
                LOG.warn("{}: removed {} lines; cannot remove: {}", name, lines, String.join("; ", leftovers));
            case Outcome.Failed(String message) -> LOG.error("{}: cannot remove rules: {}", name, message);
        }
    }
}
