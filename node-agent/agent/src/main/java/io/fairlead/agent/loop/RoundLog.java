package io.fairlead.agent.loop;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.rules.Notice;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs each round that changed something or failed. The line contains the changed Services and the time of each stage,
 * but never the rules. A separate line is logged for each Service that is put into quarantine.
 */
public final class RoundLog implements RoundListener {
    private static final Logger LOG = AgentLog.LOG;
    private static final int MOST_SERVICES = 20;

    private final Set<ServiceName> quarantined = new HashSet<>();

    @Override
    public void after(RoundResult result) {
        result.quarantined().forEach((service, reason) -> {
            if (quarantined.add(service)) {
                LOG.error("quarantine: Service {} is left out until it changes ({})", service, reason);
            }
        });
        quarantined.retainAll(result.quarantined().keySet());
        if (isWorthALine(result)) {
            log(result);
        }
        for (Notice notice : result.notices()) {
            if (notice instanceof Notice.Remark(String text)) {
                LOG.info(text);
            }
        }
    }

    private static boolean isWorthALine(RoundResult result) {
        boolean planned = result.delta() != null && !result.delta().isEmpty();
        return planned || result.outcome() != RoundResult.Outcome.UNCHANGED;
    }

    private static void log(RoundResult result) {
        SortedMap<String, Object> stages = new TreeMap<>();
        result.stages()
                .forEach(stage ->
                        stages.put(stage.name().replace(' ', '_'), stage.took().toNanos() / 1e9));
        List<String> services = result.delta() == null
                ? List.of()
                : result.delta().services().keySet().stream()
                        .limit(MOST_SERVICES)
                        .map(ServiceName::text)
                        .toList();
        LOG.atLevel(result.outcome() == RoundResult.Outcome.FAILED ? Level.ERROR : Level.INFO)
                .addKeyValue("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
                .addKeyValue("added", result.lines().added())
                .addKeyValue("removed", result.lines().removed())
                .addKeyValue("changed", result.changedServices())
                .addKeyValue("services", services)
                .addKeyValue("quarantined", result.quarantined().size())
                .addKeyValue("seconds", stages)
                .log(result.text());
    }
}
