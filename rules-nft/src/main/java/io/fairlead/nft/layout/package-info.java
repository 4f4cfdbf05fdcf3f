/**
 * What our table's objects are called, and whose they are. Entry types: {@link io.fairlead.nft.layout.Names} and
 * {@link io.fairlead.nft.layout.Origins}. Depends on {@code rule} alone.
 */
@NullMarked
package io.fairlead.nft.layout;

import org.jspecify.annotations.NullMarked;
