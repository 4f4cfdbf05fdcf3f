package io.fairlead.explain.walk;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the ends of all paths of a packet. Paths on which an uncertain rule is assumed to match are kept separately
 * for each such rule.
 */
final class Ends {
    private final Flow flow;
    private final List<TracePath> certain = new ArrayList<>();
    private final Map<Doubtful, List<TracePath>> others = new LinkedHashMap<>();

    private record Doubtful(TraceStep rule, String what) {}

    Ends(Flow flow) {
        this.flow = flow;
    }

    void ended(State state, TracePath path) {
        TraceStep rule = state.doubts().first();
        if (rule == null) {
            certain.add(path);
        } else {
            others.computeIfAbsent(new Doubtful(rule, state.doubts().what()), _ -> new ArrayList<>())
                    .add(path);
        }
    }

    void stopped(State state, Verdict verdict) {
        ended(
                state,
                new TracePath(
                        state.steps(), verdict, null, false, state.packet().share()));
    }

    /** Ends a path at a rule whose effect is not known. */
    void unknown(State state) {
        TraceStep rule = state.doubts().first();
        if (rule != null) {
            others.computeIfAbsent(new Doubtful(rule, state.doubts().what()), _ -> new ArrayList<>());
        }
    }

    NodeTrace result() {
        List<Doubt> doubts = new ArrayList<>();
        others.forEach((doubtful, paths) -> {
            if (paths.isEmpty() || !paths.stream().allMatch(this::isCertainToo)) {
                doubts.add(new Doubt(doubtful.rule(), doubtful.what(), otherwise(paths)));
            }
        });
        return new NodeTrace(new Trace(flow, certain), doubts);
    }

    private boolean isCertainToo(TracePath path) {
        return certain.stream()
                .anyMatch(other -> other.verdict() == path.verdict()
                        && other.masquerade() == path.masquerade()
                        && Objects.equals(other.endpoint(), path.endpoint()));
    }

    private @Nullable Verdict otherwise(List<TracePath> paths) {
        List<Verdict> verdicts = paths.stream()
                .filter(path -> !isCertainToo(path))
                .map(TracePath::verdict)
                .distinct()
                .toList();
        return verdicts.size() == 1 ? verdicts.getFirst() : null;
    }
}
