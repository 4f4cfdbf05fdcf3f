/**
 * The text of tables and changes: the writer and reader of each format. The output of nft and our own text differ only
 * in blanks and order, so one reader reads both. Entry types: {@link io.fairlead.nft.text.TableText} and
 * {@link io.fairlead.nft.text.OperationText}.
 */
@NullMarked
package io.fairlead.nft.text;

import org.jspecify.annotations.NullMarked;
