package io.fairlead.nft;

import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.rules.Follower;
import io.fairlead.nft.follow.TableFollower;
import java.util.List;

/** Both families' tables. */
record NftFollower(List<TableFollower> tables) implements Follower<NftChange> {

    @Override
    public NftChange change(PlanDelta delta) {
        if (delta.nodeChanged()) {
            throw new IllegalArgumentException("the node's part has changed: rules have to be followed anew");
        }
        return new NftChange(tables.stream().map(table -> table.change(delta)).toList());
    }

    @Override
    public void accepted() {
        tables.forEach(TableFollower::accepted);
    }
}
