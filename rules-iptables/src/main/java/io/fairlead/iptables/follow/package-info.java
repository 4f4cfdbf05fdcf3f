/**
 * Rules of iptables that follow a plan at the cost of the change: pure but for what is kept from one change to the
 * next. Entry type: {@link io.fairlead.iptables.follow.FamilyFollower}.
 */
@NullMarked
package io.fairlead.iptables.follow;

import org.jspecify.annotations.NullMarked;
