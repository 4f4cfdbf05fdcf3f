/**
 * The access to the kernel: through the program nft or through libnftables in this process, and through the netlink
 * events that say which program changed which table. Entry type: {@link io.fairlead.nft.kernel.Nftables}, the only
 * interface that tests replace. Only this package interprets the error output of nft.
 */
@NullMarked
package io.fairlead.nft.kernel;

import org.jspecify.annotations.NullMarked;
