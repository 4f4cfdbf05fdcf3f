/**
 * Reads the tables of all programs from the output of {@code nft list ruleset}. Entry type: {@link
 * io.fairlead.explain.read.nft.ListedTables}. A statement whose meaning is unknown is kept as text; the other
 * statements of its rule are still read.
 */
@NullMarked
package io.fairlead.explain.read.nft;

import org.jspecify.annotations.NullMarked;
