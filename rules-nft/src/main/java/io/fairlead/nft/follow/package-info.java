/**
 * Tables that follow a plan at the cost of the change. Pure, except for the state that is kept between changes. Entry
 * type: {@link io.fairlead.nft.follow.FamilyFollower}.
 */
@NullMarked
package io.fairlead.nft.follow;

import org.jspecify.annotations.NullMarked;
