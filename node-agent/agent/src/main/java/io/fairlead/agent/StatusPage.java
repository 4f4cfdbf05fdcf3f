package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.Readiness;
import io.fairlead.agent.source.ClusterSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Creates the text of {@code /statusz}, a plain-text page about the state of the agent, and the one-line result of
 * {@code /readyz}.
 */
final class StatusPage implements RoundListener {
    /**
     * If the source's data is this old or older, the agent is not ready. The time is longer than the time that closing
     * and reopening a broken watch takes.
     */
    private static final Duration OLDEST_VIEW = Duration.ofMinutes(5);

    private final AgentSettings settings;
    private final ClusterSource source;
    private final InstantSource clock;
    private final Instant started;
    private volatile @Nullable RoundResult last;
    private volatile String waitingFor = "";

    StatusPage(AgentSettings settings, ClusterSource source, InstantSource clock) {
        this.settings = settings;
        this.source = source;
        this.clock = clock;
        this.started = clock.instant();
    }

    @Override
    public void after(RoundResult result) {
        last = result;
    }

    /** Sets the name of the object that the agent waits for before it can write rules; "" if it does not wait. */
    void waitingFor(String what) {
        waitingFor = what;
    }

    /**
     * Returns whether the agent is ready. It is ready if all objects were read, the rules for them were applied, and
     * the last data from the source is not too old.
     */
    Readiness readiness() {
        if (!source.isSynced()) {
            return new Readiness(false, "waiting for the first complete list of objects from " + source.name());
        }
        if (!waitingFor.isEmpty()) {
            return new Readiness(false, "waiting for " + waitingFor);
        }
        RoundResult result = last;
        if (result == null || result.outcome() == RoundResult.Outcome.FAILED) {
            return new Readiness(
                    false, "rules do not match the objects" + (result == null ? " yet" : ": " + result.error()));
        }
        Duration age = source.age().orElse(OLDEST_VIEW);
        return age.compareTo(OLDEST_VIEW) < 0
                ? new Readiness(true, "ok")
                : new Readiness(
                        false,
                        "no answer from " + source.name() + " for " + age.toSeconds() + " s; keeping current rules");
    }

    String text(ProxyHealth.Status health) {
        StringBuilder out = new StringBuilder();
        lines(health).forEach(line -> out.append(String.format(Locale.ROOT, "%-15s %s%n", line.name(), line.text())));
        return out.toString();
    }

    /** Returns the lines of the page. Several lines may have the same name. */
    List<ClusterSource.Detail> lines(ProxyHealth.Status health) {
        List<ClusterSource.Detail> lines = new ArrayList<>();
        line(lines, "node", settings.nodeName());
        line(lines, "mode", settings.mode().text());
        line(lines, "up", Duration.between(started, clock.instant()).toSeconds() + " s");
        line(lines, "source", source.name());
        line(lines, "healthy", health.syncHealthy() + ", node eligible " + health.nodeEligible());
        line(lines, "synced", String.valueOf(source.isSynced()));
        lines.addAll(source.details());
        RoundResult result = last;
        if (result != null) {
            line(lines, "last round", result.text());
            result.quarantined().forEach((service, reason) -> line(lines, "quarantine", service + ": " + reason));
        }
        source.problems()
                .forEach(problem -> line(lines, problem.severity().name().toLowerCase(Locale.ROOT), problem.text()));
        return lines;
    }

    private static void line(List<ClusterSource.Detail> lines, String name, String value) {
        lines.add(new ClusterSource.Detail(name, value));
    }
}
