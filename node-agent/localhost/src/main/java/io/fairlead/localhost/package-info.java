/**
 * Serves node ports on 127.0.0.1 and ::1 in nftables mode (NP-16) by user-space forwarding. Rules cannot serve them,
 * because the kernel does not route a packet from a loopback address to a pod. Entry type: {@link
 * io.fairlead.localhost.LocalhostPorts}. The package uses neither rules nor the Kubernetes API.
 */
@NullMarked
package io.fairlead.localhost;

import org.jspecify.annotations.NullMarked;
