/**
 * Turns the output of {@code nft -j list ruleset} into the text of {@code nft -a list ruleset}, which the other readers
 * understand. Entry type: {@link io.fairlead.explain.read.json.JsonListing}.
 */
@NullMarked
package io.fairlead.explain.read.json;

import org.jspecify.annotations.NullMarked;
