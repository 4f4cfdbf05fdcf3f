/**
 * iptables rules as values: the rules that Fairlead writes, and those that it understands when it reads. Entry type:
 * {@link io.fairlead.iptables.rule.FamilyRules}. Depends only on rules-core; does not handle text or processes.
 */
@NullMarked
package io.fairlead.iptables.rule;

import org.jspecify.annotations.NullMarked;
