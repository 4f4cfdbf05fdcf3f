package io.fairlead.core.trace;

import io.fairlead.core.plan.Origin;

/**
 * One rule that matched a packet.
 *
 * @param place the table and chain of the rule: "nat KUBE-SERVICES", "ip kube-proxy services"
 * @param rule the text of the rule, in the syntax of iptables or nft
 * @param origin the reason why the rule exists
 * @param why for people: what the rule does, and the reason
 */
public record TraceStep(String place, String rule, Origin origin, String why) {}
