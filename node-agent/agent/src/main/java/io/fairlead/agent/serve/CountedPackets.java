package io.fairlead.agent.serve;

import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A metric of kube-proxy whose value is a packet counter in the kernel's rules.
 *
 * @param metric the name of the metric without "kubeproxy_"
 * @param help the help text of the metric
 * @param packets reads the counter. If the result is empty, the metric is left out of the scrape
 */
public record CountedPackets(String metric, String help, Supplier<OptionalLong> packets) {}
