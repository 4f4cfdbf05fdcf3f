/**
 * The nftables backend. Entry types: {@link io.fairlead.nft.NftLayout} is its pure half and
 * {@link io.fairlead.nft.NftKernel} its kernel half. They join the packages below. A package may use only packages to
 * its left: {@code rule}, {@code layout}, {@code text} and {@code render}, {@code diff} and
 * {@code trace}, {@code follow}, {@code kernel}, {@code affinity}.
 */
@NullMarked
package io.fairlead.nft;

import org.jspecify.annotations.NullMarked;
