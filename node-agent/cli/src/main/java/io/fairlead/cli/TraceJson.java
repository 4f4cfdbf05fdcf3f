package io.fairlead.cli;

import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts all paths of a packet, with the rules of each path, to a tree for JSON output. */
final class TraceJson {

    private TraceJson() {}

    static List<Map<String, @Nullable Object>> paths(Trace trace) {
        return trace.paths().stream().map(TraceJson::path).toList();
    }

    private static Map<String, @Nullable Object> path(TracePath path) {
        return Json.object(
                "share",
                path.share(),
                "verdict",
                path.verdict().text(),
                "endpoint",
                path.endpoint() == null ? null : path.endpoint().text(),
                "masquerade",
                path.masquerade(),
                "steps",
                path.steps().stream().map(TraceJson::step).toList());
    }

    private static Map<String, @Nullable Object> step(TraceStep step) {
        return Json.object(
                "place",
                step.place(),
                "rule",
                step.rule(),
                "origin",
                step.origin().text(),
                "why",
                step.why());
    }
}
