/**
 * Side by side with kube-proxy: a real API server with a large cluster, a node and a client in network namespaces, and
 * one proxy after the other on that node, measured from outside, by what a client's connection meets. Entry type:
 * {@link io.fairlead.bench.cluster.RealBench}. Needs root, kube-apiserver and etcd.
 */
@NullMarked
package io.fairlead.bench.cluster;

import org.jspecify.annotations.NullMarked;
