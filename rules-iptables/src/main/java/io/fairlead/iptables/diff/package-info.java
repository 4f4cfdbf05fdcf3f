/**
 * The change from the current rules to the wanted rules. Entry type: {@link io.fairlead.iptables.diff.FamilyDiff}.
 * Pure.
 */
@NullMarked
package io.fairlead.iptables.diff;

import org.jspecify.annotations.NullMarked;
