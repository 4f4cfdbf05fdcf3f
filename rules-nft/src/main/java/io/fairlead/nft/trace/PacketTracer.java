package io.fairlead.nft.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.nft.layout.Origins;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.FamilyText;
import io.fairlead.nft.text.RuleText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows first packets of connections of new clients through one table. The way is the kernel's: prerouting or output, then
 * input, forward or none, then postrouting; a packet of the host to itself leaves by output and postrouting and comes in
 * by input.
 */
public final class PacketTracer {
    private final Table table;
    private final Host host;
    private final Origins origins;

    /** A tracer over this table on a host with these addresses. */
    public PacketTracer(Table table, Host host) {
        this.table = table;
        this.host = host;
        this.origins = new Origins(table);
    }

    /**
     * All ways.
     *
     * @throws UnknownRuleException if the packet meets a rule, set or chain that is not known
     */
    public List<TracePath> trace(Flow flow) {
        List<PathEnd> branches = List.of(new PathEnd(Packet.of(flow), PathEnd.Ending.NEXT));
        boolean own = host.isLocal(flow.from());
        branches = through(own ? Hook.Point.OUTPUT : Hook.Point.PREROUTING, branches, _ -> true);
        if (!own) {
            branches = through(Hook.Point.INPUT, branches, this::isForHost);
            branches = through(Hook.Point.FORWARD, branches, packet -> !isForHost(packet));
            branches = through(Hook.Point.POSTROUTING, branches, packet -> !isForHost(packet));
        } else {
            branches = through(Hook.Point.POSTROUTING, branches, _ -> true);
            branches = through(Hook.Point.INPUT, branches, this::isForHost);
        }
        return branches.stream().map(branch -> path(branch, own)).toList();
    }

    private boolean isForHost(Packet packet) {
        return host.isLocal(packet.to().ip());
    }

    private TracePath path(PathEnd branch, boolean own) {
        Packet packet = branch.packet();
        Verdict verdict = switch (branch.ending()) {
            case DROPPED -> Verdict.DROP;
            case REJECTED -> Verdict.REJECT;
            case MISSED, NEXT, RETURNED, DECIDED ->
                packet.translated() ? Verdict.DNAT : packet.accepted() ? Verdict.ACCEPT : Verdict.PASS;
        };
        boolean translated = verdict == Verdict.DNAT;
        // A packet from elsewhere to this host leaves by no link: whether it was to be masqueraded is all that can be
        // said.
        boolean masquerade = (!own && isForHost(packet)) ? packet.mark() != 0 : packet.masqueraded();
        return new TracePath(
                packet.steps(), verdict, translated ? packet.to() : null, translated && masquerade, packet.share());
    }

    /** Calls all base chains of a point, lowest priority first; what is dropped or refused in one does not see the next. */
    private List<PathEnd> through(
            Hook.Point point, List<PathEnd> branches, java.util.function.Predicate<Packet> passes) {
        List<PathEnd> now = branches;
        for (Chain chain : baseChains(point)) {
            List<PathEnd> next = new ArrayList<>();
            for (PathEnd branch : now) {
                if (branch.ending() == PathEnd.Ending.NEXT && passes.test(branch.packet())) {
                    walkBase(chain, branch.packet(), next);
                } else {
                    next.add(branch);
                }
            }
            now = next;
        }
        return now;
    }

    private List<Chain> baseChains(Hook.Point point) {
        return table.chains().values().stream()
                .filter(chain -> chain.hook() != null && chain.hook().point() == point)
                .sorted(Comparator.comparingInt(PacketTracer::priority))
                .toList();
    }

    private static int priority(Chain chain) {
        return chain.hook() == null ? 0 : chain.hook().priority();
    }

    private void walkBase(Chain chain, Packet packet, List<PathEnd> into) {
        boolean accepts = chain.hook() == null || chain.hook().accepts();
        for (PathEnd branch : walk(chain, 0, packet)) {
            switch (branch.ending()) {
                case DROPPED, REJECTED -> into.add(branch);
                case DECIDED -> into.add(new PathEnd(branch.packet(), PathEnd.Ending.NEXT));
                case MISSED, NEXT, RETURNED ->
                    into.add(new PathEnd(branch.packet(), accepts ? PathEnd.Ending.NEXT : PathEnd.Ending.DROPPED));
            }
        }
    }

    /** Every way through a chain from one of its rules on. */
    private List<PathEnd> walk(Chain chain, int first, Packet packet) {
        List<PathEnd> ends = new ArrayList<>();
        Packet here = packet;
        for (int i = first; i < chain.rules().size(); i++) {
            List<PathEnd> branches = new ChainWalk(this, chain, chain.rules().get(i)).from(here);
            @Nullable Packet next = null;
            for (PathEnd branch : branches) {
                boolean goesOn = branch.ending() == PathEnd.Ending.MISSED || branch.ending() == PathEnd.Ending.NEXT;
                if (!goesOn) {
                    boolean returned = branch.ending() == PathEnd.Ending.RETURNED;
                    ends.add(returned ? new PathEnd(branch.packet(), PathEnd.Ending.NEXT) : branch);
                } else if (branches.size() == 1) {
                    next = branch.packet();
                } else {
                    ends.addAll(walk(chain, i + 1, branch.packet()));
                }
            }
            if (next == null) {
                return ends;
            }
            here = next;
        }
        ends.add(new PathEnd(here, PathEnd.Ending.NEXT));
        return ends;
    }

    /** What a jump does: the ways through the other chain; where that ends, the caller goes on. */
    List<PathEnd> jump(ChainName name, Chain from, Rule rule, Packet packet) {
        Chain chain = table.chains().get(name);
        if (chain == null) {
            throw unknown(from, rule, "chain " + name);
        }
        return walk(chain, 0, packet);
    }

    Table table() {
        return table;
    }

    Host host() {
        return host;
    }

    Origins origins() {
        return origins;
    }

    String place(Chain chain) {
        return FamilyText.of(table.family()) + " " + Table.NAME + " " + chain.name();
    }

    UnknownRuleException unknown(Chain chain, Rule rule, String what) {
        return new UnknownRuleException(place(chain), RuleText.write(rule, table.family()), what);
    }
}
