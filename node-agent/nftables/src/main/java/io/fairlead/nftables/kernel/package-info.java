/**
 * The nftables of the kernel by netlink, as the nftables dialect asks for it. Entry type: {@link
 * io.fairlead.nftables.kernel.NetlinkNftables}.
 */
@NullMarked
package io.fairlead.nftables.kernel;

import org.jspecify.annotations.NullMarked;
