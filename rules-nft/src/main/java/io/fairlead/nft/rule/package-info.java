/**
 * What an nftables table consists of, as typed values: chains of rules, rules of statements, sets and maps of elements.
 * Entry type: {@link io.fairlead.nft.rule.Table}. Nothing here knows how a value is spelled, what it is for, or how it
 * gets into the kernel.
 */
@NullMarked
package io.fairlead.nft.rule;

import org.jspecify.annotations.NullMarked;
