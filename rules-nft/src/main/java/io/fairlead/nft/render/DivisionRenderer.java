package io.fairlead.nft.render;

import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.Split;
import io.fairlead.core.plan.Split.Share;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders the objects that split the traffic of one pool between backends (SPLIT-1). One rule for each backend decides
 * whether the packet goes there, by a random number below the weights that are left. The weights are exact, and there
 * is no element for a weight. Each backend has a chain and a map that choose its endpoint, as a pick chain does.
 */
final class DivisionRenderer {
    private final PortPlan port;
    private final Names.Division names;
    private final List<Share> shares;
    private final Comment comment;

    DivisionRenderer(PortPlan port, boolean local) {
        this.port = port;
        this.names = new Names.Division(port.name().hash(""), local);
        this.shares = port.split().of(local);
        this.comment = Comment.nearest(port.origin().text());
    }

    /** Returns one map of endpoints for each backend. */
    List<NamedSet> sets() {
        return shares.stream()
                .map(share -> StickyRenderer.numbered(names.endpoints(share.backend()), share.endpoints(), port))
                .toList();
    }

    /**
     * Returns the chains.
     *
     * @param choosing whether there is a chain with {@link #rules}, besides the chains of the backends
     */
    List<Chain> chains(boolean choosing) {
        List<Chain> chains = new ArrayList<>();
        if (choosing) {
            chains.add(chain(names.chain(), rules()));
        }
        Statement protocol = new Statement.ProtocolIs(List.of(port.name().protocol()));
        for (Share share : shares) {
            String backend = share.backend();
            int size = share.endpoints().size();
            chains.add(chain(names.chain(backend), StickyRenderer.choose(protocol, size, names.endpoints(backend))));
        }
        return chains;
    }

    /** Returns the rules that choose a backend. */
    List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        int left = Split.weight(shares);
        for (Share share : shares) {
            Statement jump = to(share);
            rules.add(
                    share.weight() == left ? Rule.of(jump) : Rule.of(new Statement.Chance(share.weight(), left), jump));
            left -= share.weight();
        }
        rules.add(Rule.of(to(shares.getFirst())).withComment("the last backend has just lost its endpoints"));
        return rules;
    }

    private Statement to(Share share) {
        return new Statement.Decide(new Verdict.Jump(names.chain(share.backend())));
    }

    private Chain chain(ChainName name, List<Rule> rules) {
        return new Chain(name, null, comment, rules, port.origin());
    }
}
