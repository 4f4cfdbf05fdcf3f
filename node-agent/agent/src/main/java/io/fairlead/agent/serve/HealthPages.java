package io.fairlead.agent.serve;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The pages {@code /healthz} and {@code /livez}, with the same answers as in kube-proxy (HTTP-2, HTTP-7, HTTP-9). */
public final class HealthPages {
    private static final int HEALTHY = 200;
    private static final int UNHEALTHY = 503;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ProxyHealth health;
    private final IntConsumer healthz;
    private final IntConsumer livez;

    /**
     * Creates the pages.
     *
     * @param healthz receives the status code of each answer of {@code /healthz}
     * @param livez receives the status code of each answer of {@code /livez}
     */
    public HealthPages(ProxyHealth health, IntConsumer healthz, IntConsumer livez) {
        this.health = health;
        this.healthz = healthz;
        this.livez = livez;
    }

    SortedMap<String, Page.Source> pages() {
        SortedMap<String, Page.Source> pages = new TreeMap<>();
        pages.put("/healthz", _ -> healthz());
        pages.put("/livez", _ -> livez());
        return pages;
    }

    private Page healthz() {
        ProxyHealth.Status status = health.status();
        Page page = page(status, status.syncHealthy() && status.nodeEligible(), true);
        healthz.accept(page.status());
        return page;
    }

    private Page livez() {
        ProxyHealth.Status status = health.status();
        Page page = page(status, status.syncHealthy(), false);
        livez.accept(page.status());
        return page;
    }

    /**
     * Returns an answer. If the agent is healthy, lastUpdated is the current time, because the rules are up to date
     * even if nothing was written for a long time (HTTP-8).
     */
    private static Page page(ProxyHealth.Status status, boolean healthy, boolean withNode) {
        ObjectNode body = JSON.createObjectNode();
        body.put("lastUpdated", (healthy ? status.currentTime() : status.lastUpdated()).toString());
        body.put("currentTime", status.currentTime().toString());
        if (withNode) {
            body.put("nodeEligible", status.nodeEligible());
        }
        body.put("healthy", status.syncHealthy());
        ObjectNode families = body.putObject("status");
        status.families()
                .forEach((family, one) -> families.putObject(family.toString())
                        .put("lastUpdated", one.lastUpdated().toString())
                        .put("healthy", one.healthy()));
        return Page.json(healthy ? HEALTHY : UNHEALTHY, body.toString());
    }
}
