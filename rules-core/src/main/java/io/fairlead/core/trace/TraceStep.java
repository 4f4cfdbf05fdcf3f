package io.fairlead.core.trace;

import io.fairlead.core.plan.Origin;

/**
 * One rule that matched a packet.
 *
 * @param place the hook's table and chain: "nat KUBE-SERVICES", "ip kube-proxy services"
 * @param rule the rule as the backend's tool writes it
 * @param origin the origin of the rule
 * @param why the action of the rule and the reason, for people
 */
public record TraceStep(String place, String rule, Origin origin, String why) {}
