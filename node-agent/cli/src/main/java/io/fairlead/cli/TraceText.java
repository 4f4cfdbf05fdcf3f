package io.fairlead.cli;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints the paths of a packet through the rules for users. The steps that all paths have in common are printed first.
 * Then, for each path, its probability and its remaining steps are printed.
 */
final class TraceText {
    private final PrintWriter out;
    private final Palette palette;
    private final AddressNames names;

    TraceText(PrintWriter out, Palette palette, AddressNames names) {
        this.out = out;
        this.palette = palette;
        this.names = names;
    }

    /**
     * Prints the answer for one packet.
     *
     * @param whyNot a sentence about an endpoint; "" if none was asked about
     */
    void print(@Nullable Flow flow, Outcome outcome, @Nullable Answer answer, String whyNot) {
        out.println(palette.title(flow == null ? "null" : names.text(flow)));
        Trace trace = answer == null ? null : answer.trace();
        if (trace != null) {
            paths(trace);
        }
        out.println("  => " + palette.title(summary(outcome, trace)) + (answer == null ? "" : by(outcome, answer)));
        if (answer != null && !answer.condition().isEmpty()) {
            out.println("     " + answer.condition());
        }
        if (!whyNot.isEmpty()) {
            out.println("  " + whyNot);
        }
        out.println();
    }

    /** Returns text about the rule of another program that drops or rejects the packet; "" if there is no such rule. */
    private static String by(Outcome outcome, Answer answer) {
        boolean stopped = outcome.verdict() == Verdict.DROP || outcome.verdict() == Verdict.REJECT;
        if (!stopped || answer.others().isEmpty()) {
            return "";
        }
        TraceStep last = answer.others().getLast();
        return " by " + last.place() + " \"" + last.rule() + "\" of "
                + last.origin().text();
    }

    private void paths(Trace trace) {
        List<TracePath> paths = trace.paths();
        int shared = trace.sharedSteps();
        List<TraceStep> first = paths.getFirst().steps();
        if (first.isEmpty() && paths.size() == 1) {
            out.println("  no rule matches it");
        }
        first.subList(0, shared).forEach(step -> step("  ", step));
        if (paths.size() == 1) {
            return;
        }
        for (TracePath path : paths) {
            out.println("  "
                    + palette.title(percent(path.share())
                            + (path.endpoint() == null ? "" : " to " + names.text(path.endpoint()))));
            path.steps().subList(shared, path.steps().size()).forEach(step -> step("    ", step));
        }
    }

    private void step(String indent, TraceStep step) {
        out.println(indent + step.place() + "  " + palette.added(step.origin().text()));
        out.println(indent + "    " + step.rule());
        if (!step.why().isEmpty()) {
            out.println(indent + "    " + palette.faint(step.why()));
        }
    }

    private String summary(Outcome outcome, @Nullable Trace trace) {
        Map<IpPort, Double> shares = trace == null ? Map.of() : trace.shares();
        return outcome.text(endpoint -> shares.containsKey(endpoint)
                ? endpoint + " ("
                        + names.of(endpoint.ip()).map(name -> name + ", ").orElse("")
                        + percent(shares.getOrDefault(endpoint, 0d)) + ")"
                : names.text(endpoint));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
