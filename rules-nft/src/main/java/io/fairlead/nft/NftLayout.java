package io.fairlead.nft;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.nft.diff.Applied;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.diff.TableDiff;
import io.fairlead.nft.follow.FamilyFollower;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Renders plans as the tables {@code ip kube-proxy} and {@code ip6 kube-proxy} (NFT-1). */
public final class NftLayout implements RuleLayout<NftRuleset, NftChange> {

    @Override
    public ProxyMode mode() {
        return ProxyMode.NFTABLES;
    }

    @Override
    public NftRuleset render(Plan plan) {
        SortedMap<IpFamily, Table> tables = new TreeMap<>();
        for (IpFamily family : IpFamily.values()) {
            tables.put(family, Renderer.table(plan, family));
        }
        return new NftRuleset(tables);
    }

    @Override
    public NftChange diff(NftRuleset current, NftRuleset desired) {
        List<TableChange> changes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Table wanted = desired.table(family);
            changes.add(
                    wanted == null
                            ? TableDiff.removal(current.table(family), family)
                            : TableDiff.between(current.table(family), wanted));
        }
        return new NftChange(changes);
    }

    /**
     * Returns the rules for which the change was computed, with three exceptions: endpoints keep their slots (their
     * numbers in the endpoint maps), unused pick chains are kept, and base chains that nothing needs any more are kept.
     */
    @Override
    public NftRuleset after(NftRuleset current, NftChange change) {
        SortedMap<IpFamily, Table> tables = new TreeMap<>();
        for (TableChange table : change.tables()) {
            Table after = Applied.to(current.table(table.family()), table);
            if (after != null) {
                tables.put(table.family(), after);
            }
        }
        return new NftRuleset(tables);
    }

    /** @throws IllegalArgumentException if {@code kernel} does not contain the tables of both families */
    @Override
    public Follower<NftChange> follow(NftRuleset kernel, Plan plan) {
        List<FamilyFollower> families = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Table table = kernel.table(family);
            if (table == null) {
                throw new IllegalArgumentException("no table to follow: " + family);
            }
            families.add(new FamilyFollower(plan.node(family), table, plan.ports(family)));
        }
        return new Follower<>(delta -> {
            List<Follower.Step<TableChange>> steps = new ArrayList<>(families.size());
            families.forEach(family -> steps.add(family.step(delta)));
            return Follower.Step.joined(steps, NftChange::new);
        });
    }

    /** Returns the change that deletes the tables in {@code current}. */
    @Override
    public NftChange removal(NftRuleset current) {
        return diff(current, NftRuleset.NONE);
    }
}
