/**
 * Reads and writes the kernel's nftables rules by netlink, behind the interface that Fairlead's nftables mode uses.
 * Entry type: {@link io.fairlead.nftables.kernel.NetlinkNftables}.
 */
@NullMarked
package io.fairlead.nftables.kernel;

import org.jspecify.annotations.NullMarked;
