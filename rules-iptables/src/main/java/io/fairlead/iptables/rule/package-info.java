/**
 * iptables rules as values: the rules that Fairlead writes, and the rules that it understands when it reads. Entry
 * type: {@link io.fairlead.iptables.rule.FamilyRules}. This package depends only on rules-core. It does not handle text
 * or processes.
 */
@NullMarked
package io.fairlead.iptables.rule;

import org.jspecify.annotations.NullMarked;
