/**
 * Computes the change from the current table to the wanted table, without side effects. Entry type:
 * {@link io.fairlead.nft.diff.TableDiff}.
 */
@NullMarked
package io.fairlead.nft.diff;

import org.jspecify.annotations.NullMarked;
