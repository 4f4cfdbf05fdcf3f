/**
 * The nftables backend. Entry type: {@link io.fairlead.nft.NftBackend}. It joins the packages below. A package may use
 * only packages to its left: {@code rule}, {@code layout}, {@code text} and {@code render}, {@code diff} and
 * {@code trace}, {@code follow}, {@code kernel}, {@code affinity}.
 */
@NullMarked
package io.fairlead.nft;

import org.jspecify.annotations.NullMarked;
