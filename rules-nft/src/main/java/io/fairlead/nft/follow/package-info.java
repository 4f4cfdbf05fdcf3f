/**
 * Computes changes of nftables tables that follow a plan. The cost depends on the change, not on the size of the
 * cluster. No side effects except on the state that a follower keeps between changes. Entry type:
 * {@link io.fairlead.nft.follow.FamilyFollower}.
 */
@NullMarked
package io.fairlead.nft.follow;

import org.jspecify.annotations.NullMarked;
