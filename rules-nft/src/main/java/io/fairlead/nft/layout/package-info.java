/**
 * The names of our table's objects. Entry type: {@link io.fairlead.nft.layout.Names}. Depends on {@code rule} alone.
 */
@NullMarked
package io.fairlead.nft.layout;

import org.jspecify.annotations.NullMarked;
