/**
 * Compares Fairlead with kube-proxy. There are a real API server with a large cluster, and a node and a client in
 * network namespaces. The proxies run on the node one after the other. Each is measured from outside, by connections of
 * the client. Entry type: {@link io.fairlead.bench.cluster.RealBench}. Needs root, kube-apiserver and etcd.
 */
@NullMarked
package io.fairlead.bench.cluster;

import org.jspecify.annotations.NullMarked;
