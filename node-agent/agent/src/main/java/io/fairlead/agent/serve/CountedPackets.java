package io.fairlead.agent.serve;

import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A counter of kube-proxy that rules in the kernel keep.
 *
 * @param metric the name without "kubeproxy_"
 * @param packets reads the counter; empty leaves the metric out of a scrape
 */
public record CountedPackets(String metric, String help, Supplier<OptionalLong> packets) {}
