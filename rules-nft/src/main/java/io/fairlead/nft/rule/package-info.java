/**
 * The parts of an nftables table as typed values: chains of rules, rules of statements, sets and maps of elements.
 * Entry type: {@link io.fairlead.nft.rule.Table}. This package does not know the text of a value, its purpose, or the
 * way into the kernel.
 */
@NullMarked
package io.fairlead.nft.rule;

import org.jspecify.annotations.NullMarked;
