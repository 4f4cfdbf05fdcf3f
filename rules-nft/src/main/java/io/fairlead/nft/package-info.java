/**
 * The nftables backend. Entry type: {@link io.fairlead.nft.NftBackend}; it joins the packages below, which see each other
 * only from left to right: {@code object}, {@code layout}, {@code text} and {@code render}, {@code diff} and
 * {@code trace}, {@code apply}, {@code libnftables}.
 */
@NullMarked
package io.fairlead.nft;

import org.jspecify.annotations.NullMarked;
