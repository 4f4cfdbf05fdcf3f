/**
 * Defines the names of the objects in Fairlead's tables. Entry type: {@link io.fairlead.nft.layout.Names}. This package
 * depends only on {@code rule}.
 */
@NullMarked
package io.fairlead.nft.layout;

import org.jspecify.annotations.NullMarked;
