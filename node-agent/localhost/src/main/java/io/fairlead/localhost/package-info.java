/**
 * Serves node ports on 127.0.0.1 and ::1 in nftables mode (NP-16), where rules cannot: the kernel routes no packet from
 * a loopback address to a pod. {@link io.fairlead.localhost.LocalhostPorts} is the entry. It knows neither rules nor
 * Kubernetes.
 */
@NullMarked
package io.fairlead.localhost;

import org.jspecify.annotations.NullMarked;
