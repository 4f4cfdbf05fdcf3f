/**
 * Computes the change from the current rules to the wanted rules, without side effects. Entry type:
 * {@link io.fairlead.iptables.diff.FamilyDiff}.
 */
@NullMarked
package io.fairlead.iptables.diff;

import org.jspecify.annotations.NullMarked;
