/**
 * Accesses the kernel: transactions, the program nft that executes them, and the netlink events that report which
 * program changed which table. Entry type: {@link io.fairlead.nft.kernel.Nftables}, the only interface that tests
 * replace. Only this package interprets the error output of nft.
 */
@NullMarked
package io.fairlead.nft.kernel;

import org.jspecify.annotations.NullMarked;
