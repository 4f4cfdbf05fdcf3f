/**
 * The way from the rules there are to the rules there should be. Entry type:
 * {@link io.fairlead.iptables.diff.FamilyDiff}. Pure.
 */
@NullMarked
package io.fairlead.iptables.diff;

import org.jspecify.annotations.NullMarked;
