/**
 * Rules of iptables that follow a plan at the cost of the change. Pure, except for the state that is kept between
 * changes. Entry type: {@link io.fairlead.iptables.follow.FamilyFollower}.
 */
@NullMarked
package io.fairlead.iptables.follow;

import org.jspecify.annotations.NullMarked;
