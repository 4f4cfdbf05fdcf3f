/**
 * The nftables backend. Entry type: {@link io.fairlead.nft.NftBackend}; it joins the packages below, which see each
 * other only from left to right: {@code rule}, {@code layout}, {@code text} and {@code render}, {@code diff} and {@code
 * trace}, {@code follow}, {@code kernel}, {@code affinity}.
 */
@NullMarked
package io.fairlead.nft;

import org.jspecify.annotations.NullMarked;
