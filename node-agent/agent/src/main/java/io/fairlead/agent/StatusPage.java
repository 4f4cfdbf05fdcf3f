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

/** {@code /statusz}, a page in plain text with what an operator needs first; and {@code /readyz} in one line. */
final class StatusPage implements RoundListener {
    /** More than the time that ending and reopening a watch takes after the server was lost. */
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

    /** Sets what the agent waits for before it can write rules; "" for nothing. */
    void waitingFor(String what) {
        waitingFor = what;
    }

    /** Returns whether the agent is ready: the rules follow a complete view, and the view is not old. */
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
