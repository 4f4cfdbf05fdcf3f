/**
 * Access to the kernel: through the program nft or through libnftables in this process, and the netlink events that say
 * who changed which table. Entry type: {@link io.fairlead.nft.kernel.Nftables}, the one seam that tests replace. Only
 * this package reads what nft prints when it refuses.
 */
@NullMarked
package io.fairlead.nft.kernel;

import org.jspecify.annotations.NullMarked;
