package io.fairlead.core.trace;

import io.fairlead.core.plan.Origin;

/**
 * One rule that matched a packet.
 *
 * @param place the hook's table and chain: "nat KUBE-SERVICES", "ip kube-proxy services"
 * @param rule the rule as the backend's tool writes it
 * @param origin whose rule it is
 * @param why for people: what the rule does and on what ground
 */
public record TraceStep(String place, String rule, Origin origin, String why) {}
