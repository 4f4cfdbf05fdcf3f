package io.fairlead.agent.live;

import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.Readiness;
import io.fairlead.agent.sync.SyncReport;
import io.fairlead.cluster.watch.ClusterWatch;
import io.fairlead.cluster.watch.WatchStatus;
import io.fairlead.cluster.watch.WatchedKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /statusz}: everything an operator asks first, in plain text; and {@code /readyz} in one line. */
final class StatusPage {
    /** Longer than a watch that lost its server takes to be cut and opened again. */
    private static final Duration OLDEST_VIEW = Duration.ofMinutes(5);

    private final AgentSettings settings;
    private final String apiServer;
    private final ClusterWatch watch;
    private final InstantSource clock;
    private final Instant started;

    StatusPage(AgentSettings settings, String apiServer, ClusterWatch watch, InstantSource clock) {
        this.settings = settings;
        this.apiServer = apiServer;
        this.watch = watch;
        this.clock = clock;
        this.started = clock.instant();
    }

    /**
     * Ready once rules follow a complete view, and as long as that view is not old.
     *
     * @param waitingFor what is missing before rules can be written; "" for nothing
     */
    Readiness readiness(boolean inOrder, String waitingFor) {
        WatchStatus status = watch.status();
        if (!status.synced()) {
            return new Readiness(false, "waiting for the API server's first complete answer");
        }
        if (!waitingFor.isEmpty()) {
            return new Readiness(false, "waiting for " + waitingFor);
        }
        if (!inOrder) {
            return new Readiness(false, "rules are not in order");
        }
        Duration age = status.age(clock.instant()).orElse(OLDEST_VIEW);
        return age.compareTo(OLDEST_VIEW) < 0
                ? new Readiness(true, "ok")
                : new Readiness(false, "nothing heard of the API server for " + age.toSeconds() + " s; rules stay");
    }

    String text(@Nullable SyncReport last, ProxyHealth.Status health) {
        Instant now = clock.instant();
        StringBuilder out = new StringBuilder();
        line(out, "node", settings.nodeName());
        line(out, "mode", settings.mode().text());
        line(out, "up", Duration.between(started, now).toSeconds() + " s");
        line(out, "API server", apiServer);
        line(out, "healthy", health.syncHealthy() + ", node eligible " + health.nodeEligible());
        WatchStatus status = watch.status();
        line(out, "synced", String.valueOf(status.synced()));
        for (Map.Entry<WatchedKind, WatchStatus.OfKind> kind : status.kinds().entrySet()) {
            line(out, kind.getKey().text(), describe(kind.getValue(), now));
        }
        if (last != null) {
            line(out, "last round", last.text());
            last.quarantined().forEach((service, reason) -> line(out, "quarantine", service + ": " + reason));
        }
        watch.problems()
                .forEach(problem -> line(out, problem.severity().name().toLowerCase(Locale.ROOT), problem.text()));
        return out.toString();
    }

    private static String describe(WatchStatus.OfKind kind, Instant now) {
        Instant heard = kind.lastHeard();
        String when = heard == null
                ? "never heard of"
                : "heard of " + Duration.between(heard, now).toSeconds() + " s ago";
        return (kind.listed() ? kind.objects() + " objects, " : "not listed, ")
                + when
                + (kind.failure() == null ? "" : "; failing: " + kind.failure());
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "%-15s %s%n", name, value));
    }
}
