/**
 * The nftables backend. Entry types: {@link io.fairlead.nft.NftLayout} computes rules and changes, and
 * {@link io.fairlead.nft.NftKernel} reads and writes the rules in the kernel. Both use the packages below this package.
 * In the following list, a package may use only packages before it: {@code rule}; {@code layout}; {@code text} and
 * {@code render}; {@code diff} and {@code trace}; {@code follow}; {@code kernel}; {@code affinity}.
 */
@NullMarked
package io.fairlead.nft;

import org.jspecify.annotations.NullMarked;
