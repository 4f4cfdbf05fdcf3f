/**
 * Converts the output of {@code nft -j list ruleset} to the text of {@code nft -a list ruleset}, which package {@code
 * io.fairlead.explain.read.nft} reads. Entry type: {@link io.fairlead.explain.read.json.JsonListing}.
 */
@NullMarked
package io.fairlead.explain.read.json;

import org.jspecify.annotations.NullMarked;
