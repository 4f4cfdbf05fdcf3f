/**
 * Compares Fairlead with kube-proxy (the contenders). A real API server has the objects of a large cluster; the node
 * and a client are network namespaces. The proxies run on the node, one after the other. Each proxy is measured from
 * outside, by the client's connections. Entry type: {@link io.fairlead.bench.cluster.RealBench}. Needs root,
 * kube-apiserver and etcd.
 */
@NullMarked
package io.fairlead.bench.cluster;

import org.jspecify.annotations.NullMarked;
