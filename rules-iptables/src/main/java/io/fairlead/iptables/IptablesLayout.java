package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.iptables.diff.Applied;
import io.fairlead.iptables.diff.FamilyDiff;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.follow.FamilyFollower;
import io.fairlead.iptables.kernel.Counting;
import io.fairlead.iptables.render.Renderer;
import io.fairlead.iptables.render.RuleOptions;
import io.fairlead.iptables.rule.FamilyRules;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Renders plans as rules for iptables and ip6tables, in the same chains as kube-proxy. */
public final class IptablesLayout implements RuleLayout<IptablesRuleset, IptablesChange> {
    private final IptablesOptions options;
    private final Counting counting;

    /** Creates a layout whose rules count no packets. */
    public IptablesLayout(IptablesOptions options) {
        this(options, Counting.none());
    }

    /**
     * Creates a layout for a node.
     *
     * @param counting whether rules count packets on this node
     */
    IptablesLayout(IptablesOptions options, Counting counting) {
        this.options = options;
        this.counting = counting;
    }

    /** Returns a layout whose rules count packets, as on a node with nfacct. */
    public IptablesLayout counted() {
        return new IptablesLayout(options, Counting.always());
    }

    private RuleOptions rules() {
        return new RuleOptions(options.endpoints(), options.randomFully(), counting.isOn());
    }

    @Override
    public ProxyMode mode() {
        return ProxyMode.IPTABLES;
    }

    /**
     * Returns the rules that implement a plan.
     *
     * @throws IllegalArgumentException if the plan is for nftables mode, in which packets are treated differently
     */
    @Override
    public IptablesRuleset render(Plan plan) {
        if (plan.mode() != ProxyMode.IPTABLES) {
            throw new IllegalArgumentException("a plan for mode " + plan.mode().text());
        }
        List<FamilyRules> families = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            families.add(Renderer.render(plan.node(family), plan.ports(family).toList(), options.layout(), rules()));
        }
        return IptablesRuleset.of(families.toArray(FamilyRules[]::new));
    }

    /**
     * Returns the change between two rulesets. It contains no transaction for a family that one of the rulesets does
     * not contain (PROTO-6).
     */
    @Override
    public IptablesChange diff(IptablesRuleset current, IptablesRuleset desired) {
        List<TableChange> transactions = new ArrayList<>();
        current.families().forEach((family, before) -> {
            FamilyRules after = desired.families().get(family);
            if (after != null) {
                transactions.addAll(FamilyDiff.between(before, after));
            }
        });
        return new IptablesChange(transactions, options);
    }

    /**
     * Returns the rules after a change. They contain no family that is missing in {@code current}, and they contain the
     * chains that the change cannot delete.
     */
    @Override
    public IptablesRuleset after(IptablesRuleset current, IptablesChange change) {
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>(current.families());
        families.replaceAll((_, before) -> Applied.to(before, change.transactions()));
        return new IptablesRuleset(families);
    }

    @Override
    public Follower<IptablesChange> follow(IptablesRuleset kernel, Plan plan) {
        List<FamilyFollower> families = new ArrayList<>();
        kernel.families()
                .forEach((family, rules) -> families.add(new FamilyFollower(
                        plan.node(family), rules, plan.ports(family).toList(), options.layout(), rules())));
        return new Follower<>(delta -> Follower.Step.joined(
                families.stream().map(family -> family.step(delta)).toList(),
                changes -> new IptablesChange(
                        changes.stream().flatMap(List::stream).toList(), options)));
    }

    /**
     * Returns the change that removes everything that the cleanup of kube-proxy removes (CLN-3). It keeps the kubelet's
     * chain KUBE-FIREWALL (CLN-4).
     */
    @Override
    public IptablesChange removal(IptablesRuleset current) {
        return diff(
                current,
                IptablesRuleset.of(current.families().keySet().stream()
                        .map(FamilyRules::of)
                        .toArray(FamilyRules[]::new)));
    }

    @Override
    public List<String> leftovers(IptablesRuleset current) {
        return Leftovers.of(current);
    }
}
