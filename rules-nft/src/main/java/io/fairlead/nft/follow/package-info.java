/**
 * Tables that follow a plan at the cost of the change: pure but for what is remembered from one change to the next.
 * Entry type: {@link io.fairlead.nft.follow.FamilyFollower}.
 */
@NullMarked
package io.fairlead.nft.follow;

import org.jspecify.annotations.NullMarked;
