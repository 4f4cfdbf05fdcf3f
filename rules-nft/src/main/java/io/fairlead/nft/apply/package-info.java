/**
 * The way into the kernel: the one seam that tests replace, the program in front of it, and the only place that reads what
 * nft says when it refuses. Entry type: {@link io.fairlead.nft.apply.Nftables}.
 */
@NullMarked
package io.fairlead.nft.apply;

import org.jspecify.annotations.NullMarked;
