/**
 * From the table that is there to the one that should be: pure. Entry type: {@link io.fairlead.nft.diff.TableDiff}.
 */
@NullMarked
package io.fairlead.nft.diff;

import org.jspecify.annotations.NullMarked;
