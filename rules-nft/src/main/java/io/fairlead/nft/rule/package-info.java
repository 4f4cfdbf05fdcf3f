/**
 * The parts of an nftables table as typed values: chains, rules and their statements, sets, maps and their elements.
 * Entry type: {@link io.fairlead.nft.rule.Table}. This package does not know the text of a value, its purpose, or how
 * it is written into the kernel.
 */
@NullMarked
package io.fairlead.nft.rule;

import org.jspecify.annotations.NullMarked;
