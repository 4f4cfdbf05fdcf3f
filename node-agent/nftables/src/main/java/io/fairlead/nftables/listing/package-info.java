/**
 * Lists the tables of all programs as text, in the form of {@code nft list ruleset}, from the messages of the kernel.
 * Entry type: {@link io.fairlead.nftables.listing.RulesetListing}. Unlike the package {@code read}, which recognises
 * what Fairlead writes, it must not lose anything: what it cannot express has the kernel's name in brackets, and is
 * counted.
 */
@NullMarked
package io.fairlead.nftables.listing;

import org.jspecify.annotations.NullMarked;
