package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.Readiness;
import io.fairlead.agent.source.ClusterSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
        line(out, "node", settings.nodeName());
        line(out, "mode", settings.mode().text());
        line(out, "up", Duration.between(started, clock.instant()).toSeconds() + " s");
        line(out, "source", source.name());
        line(out, "healthy", health.syncHealthy() + ", node eligible " + health.nodeEligible());
        line(out, "synced", String.valueOf(source.isSynced()));
        source.details().forEach(detail -> line(out, detail.name(), detail.text()));
        RoundResult result = last;
        if (result != null) {
            line(out, "last round", result.text());
            result.quarantined().forEach((service, reason) -> line(out, "quarantine", service + ": " + reason));
        }
        source.problems()
                .forEach(problem -> line(out, problem.severity().name().toLowerCase(Locale.ROOT), problem.text()));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "%-15s %s%n", name, value));
    }
}
