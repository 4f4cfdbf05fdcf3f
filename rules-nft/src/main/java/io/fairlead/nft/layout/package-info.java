/**
 * Defines the names of the objects in Fairlead's tables, and the base chains. Entry types:
 * {@link io.fairlead.nft.layout.Names} and {@link io.fairlead.nft.layout.Hooks}. This package depends only on
 * {@code rule}.
 */
@NullMarked
package io.fairlead.nft.layout;

import org.jspecify.annotations.NullMarked;
