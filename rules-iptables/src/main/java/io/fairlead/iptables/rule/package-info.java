/**
 * iptables rules as values: what Fairlead writes and what it understands when it reads. Entry type:
 * {@link io.fairlead.iptables.rule.FamilyRules}. Depends on nothing but rules-core; knows no text and no process.
 */
@NullMarked
package io.fairlead.iptables.rule;

import org.jspecify.annotations.NullMarked;
