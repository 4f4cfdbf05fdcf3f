/**
 * The names of the objects in our tables. Entry type: {@link io.fairlead.nft.layout.Names}. Depends only on
 * {@code rule}.
 */
@NullMarked
package io.fairlead.nft.layout;

import org.jspecify.annotations.NullMarked;
