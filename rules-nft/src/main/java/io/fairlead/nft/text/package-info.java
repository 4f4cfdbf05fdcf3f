/**
 * Writes and parses the text of tables and changes. The output of nft and Fairlead's own text differ only in blanks and
 * order, so the same reader parses both. Entry types: {@link io.fairlead.nft.text.TableText} and
 * {@link io.fairlead.nft.text.OperationText}.
 */
@NullMarked
package io.fairlead.nft.text;

import org.jspecify.annotations.NullMarked;
