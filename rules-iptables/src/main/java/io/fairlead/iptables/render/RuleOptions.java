package io.fairlead.iptables.render;

/**
 * What rules look like where the plan leaves a choice.
 *
 * @param endpoints the choice of endpoints that have a chain
 * @param randomFully whether MASQUERADE chooses source ports at random (MQ-15)
 * @param counted whether rules count packets with nfacct, as those of kube-proxy do where the kernel has it (CT-16,
 *     NP-21)
 */
public record RuleOptions(EndpointLayout endpoints, boolean randomFully, boolean counted) {}
