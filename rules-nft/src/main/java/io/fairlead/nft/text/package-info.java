/**
 * How tables and changes are spelled: each format's writer and reader beside each other. What nft prints and what we
 * write differ in blanks and order only, so one reader reads both. Entry types: {@link io.fairlead.nft.text.TableText}
 * and {@link io.fairlead.nft.text.OperationText}.
 */
@NullMarked
package io.fairlead.nft.text;

import org.jspecify.annotations.NullMarked;
