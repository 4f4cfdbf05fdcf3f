package io.fairlead.iptables.render;

/**
 * The properties of rules that the plan does not decide.
 *
 * @param endpoints selects the endpoints that have a chain of their own
 * @param randomFully whether MASQUERADE chooses source ports at random (MQ-15)
 * @param counted whether rules count packets with nfacct. kube-proxy's rules count packets if the kernel supports
 *     nfacct (CT-16, NP-21)
 */
public record RuleOptions(EndpointLayout endpoints, boolean randomFully, boolean counted) {}
