package io.fairlead.ui;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form of a trace, and its answer.
 *
 * @param error why the form cannot be answered; "" if it can, or if it is empty
 * @param path the answer; null if there is none
 */
record TraceView(Form form, String error, @Nullable Drawn path) {

    /** The fields of the form, as the user wrote them. */
    record Form(String from, String to, String port, String protocol) {
        boolean isProtocol(String other) {
            return protocol.equals(other);
        }
    }

    /**
     * The way of the packet.
     *
     * @param shared the chains that the packet passes on every way
     * @param branches the ways after them; one if nothing is chosen at random
     * @param expected what the plan requires
     * @param agrees whether the rules do what the plan requires
     * @param condition what must be true for the answer to be correct; "" if it is certain
     */
    record Drawn(
            String packet,
            List<Stop> shared,
            List<Branch> branches,
            String actual,
            String expected,
            boolean agrees,
            String condition,
            List<String> notes) {}

    /**
     * A chain on the way, with the rules in it that matched.
     *
     * @param hook the kernel's hook, if the chain is the first one at a hook; "" otherwise
     */
    record Stop(String place, String hook, List<Rule> rules) {}

    /** A rule that matched. */
    record Rule(String text, String origin, String why) {}

    /**
     * One way, and where it ends.
     *
     * @param remark what else happens to the packet; "" for nothing
     * @param share the probability as a text
     * @param percent the probability from 0 to 100, for the drawing
     */
    record Branch(String end, String endStyle, String remark, String share, int percent, List<Stop> stops) {}

    static TraceView of(Snapshot snapshot, Query query, Questions questions) {
        Form form = new Form(
                query.get("from"),
                query.get("to"),
                query.get("port"),
                query.get("protocol").isEmpty() ? "tcp" : query.get("protocol"));
        if (form.from().isEmpty()) {
            return new TraceView(form, "", null);
        }
        Flow flow;
        try {
            flow = flow(form);
        } catch (IllegalArgumentException e) {
            return new TraceView(form, String.valueOf(e.getMessage()), null);
        }
        Optional<Plan> plan = snapshot.plan();
        if (plan.isEmpty()) {
            return new TraceView(form, "no round has succeeded yet, so there is no plan to compare with", null);
        }
        return new TraceView(form, "", drawn(flow, questions.trace(plan.get(), flow)));
    }

    private static Flow flow(Form form) {
        if (!form.port().matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("not a port: \"" + form.port() + "\"");
        }
        return new Flow(
                protocol(form.protocol()), Ip.parse(form.from()), Ip.parse(form.to()), Integer.parseInt(form.port()));
    }

    private static Protocol protocol(String text) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.text().equals(text)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("not a protocol: \"" + text + "\"");
    }

    private static Drawn drawn(Flow flow, Questions.Traced traced) {
        Answer answer = traced.answer();
        Trace trace = answer.trace();
        int shared = trace.sharedSteps();
        List<TracePath> paths = trace.paths();
        String actual;
        boolean agrees;
        try {
            Outcome outcome = answer.outcome();
            actual = outcome.text();
            agrees = outcome.equals(traced.expected());
        } catch (IllegalStateException e) { // The verdicts of the paths differ.
            actual = String.valueOf(e.getMessage());
            agrees = false;
        }
        return new Drawn(
                flow.text(),
                stops(paths.getFirst().steps().subList(0, shared)),
                paths.stream().map(path -> branch(path, shared)).toList(),
                actual,
                traced.expected().text(),
                agrees,
                answer.condition(),
                traced.notes());
    }

    private static Branch branch(TracePath path, int shared) {
        return new Branch(
                end(path),
                stopped(path.verdict()) ? "bad" : "good",
                path.masquerade() ? "with an address of this node as its source" : "",
                String.format(Locale.ROOT, "%.1f %%", path.share() * 100),
                (int) Math.round(path.share() * 100),
                stops(path.steps().subList(shared, path.steps().size())));
    }

    private static String end(TracePath path) {
        return switch (path.verdict()) {
            case DNAT -> "to " + path.endpoint();
            case REJECT -> "rejected";
            case DROP -> "dropped";
            case ACCEPT, PASS -> "delivered with its destination unchanged";
        };
    }

    private static boolean stopped(Verdict verdict) {
        return verdict == Verdict.DROP || verdict == Verdict.REJECT;
    }

    private static List<Stop> stops(List<TraceStep> steps) {
        List<Stop> stops = new ArrayList<>();
        for (TraceStep step : steps) {
            if (stops.isEmpty() || !stops.getLast().place().equals(step.place())) {
                stops.add(new Stop(step.place(), hook(step.place()), new ArrayList<>()));
            }
            stops.getLast().rules().add(new Rule(step.rule(), step.origin().text(), step.why()));
        }
        return stops;
    }

    /** Returns the hook in the name of a chain such as "nat PREROUTING" or "nat-prerouting"; else "". */
    private static String hook(String place) {
        String chain = place.substring(place.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
        for (String hook : List.of("prerouting", "input", "forward", "output", "postrouting")) {
            if (("-" + chain + "-").contains("-" + hook + "-")) {
                return hook;
            }
        }
        return "";
    }
}
