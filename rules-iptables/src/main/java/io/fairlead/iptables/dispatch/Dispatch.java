package io.fairlead.iptables.dispatch;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules with which a packet finds its Service in one of the chains that all Services share. This chain is the
 * trunk. In the linear layout it contains all rules; in a dispatch tree it jumps to branches, which contain the rules.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>Each rule has a path, the hexadecimal digits of its address and port (see {@link Paths}). A branch contains all
 *       rules whose path begins with the path of the branch. Up to {@link #LEAF} rules are written into the branch
 *       itself. More rules are divided by the next digit, which means four bits of the address or the port. Digits that
 *       all rules share are skipped, so the name of a branch is the common path of its rules. If only one rule has a
 *       certain digit, it needs no branch.
 *   <li>The content of a chain depends only on the rules whose paths begin with the path of the chain. Therefore the
 *       order of changes does not affect the text. An added or removed rule changes only the branches on its own path.
 *       One more branch changes if a branch is divided, or if a new address differs from the common path.
 *   <li>There is one exception: nf_tables allows jumps through at most 16 chains (NFT_JUMP_STACK_SIZE). Therefore, at a
 *       depth of {@link #DEEPEST} branches, no branch is divided, whatever addresses a user chooses.
 *   <li>A packet that no rule matches returns from every branch, and continues with the last rules of the trunk.
 * </ol>
 *
 * <p>Not thread-safe.
 */
public final class Dispatch {
    private static final int LEAF = 8;
    /**
     * The maximum number of branches on a path. Of the 16 chains that nf_tables allows, the trunk, its caller and the
     * chains of a Service port need seven.
     */
    private static final int DEEPEST = 8;

    private final DispatchChain trunk;
    private final IpFamily family;
    private final Layout layout;
    private final List<Rule> last;
    private final NavigableMap<String, List<DispatchEntry>> rules = new TreeMap<>();
    private int size;

    /** A chain as it must be, and the paths of the branches to which it jumps. */
    private record Node(Chain chain, List<String> branches) {}

    /**
     * Creates a dispatch that contains only its last rules.
     *
     * @param last the rules after all other rules, in the trunk itself
     */
    public Dispatch(DispatchChain trunk, IpFamily family, Layout layout, List<Rule> last) {
        this.trunk = trunk;
        this.family = family;
        this.layout = layout;
        this.last = List.copyOf(last);
    }

    /** Returns the chain in which the dispatch begins. */
    public DispatchChain trunk() {
        return trunk;
    }

    /** Adds rules. */
    public void add(Collection<DispatchEntry> more) {
        for (DispatchEntry rule : more) {
            rules.merge(rule.path(), List.of(rule), Dispatch::sorted);
            size++;
        }
    }

    private static List<DispatchEntry> sorted(List<DispatchEntry> some, List<DispatchEntry> others) {
        List<DispatchEntry> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(DispatchEntry.LINEAR_ORDER);
        return List.copyOf(all);
    }

    /**
     * Removes rules.
     *
     * @throws IllegalArgumentException if the dispatch does not contain one of the rules
     */
    public void remove(Collection<DispatchEntry> less) {
        for (DispatchEntry rule : less) {
            List<DispatchEntry> left = new ArrayList<>(rules.getOrDefault(rule.path(), List.of()));
            if (!left.remove(rule)) {
                throw new IllegalArgumentException("no such rule: " + rule);
            }
            if (left.isEmpty()) {
                rules.remove(rule.path());
            } else {
                rules.put(rule.path(), List.copyOf(left));
            }
            size--;
        }
    }

    /** Returns all chains; the trunk is the first. */
    public List<Chain> chains() {
        List<Chain> chains = new ArrayList<>();
        collect(trunkNode(), 0, chains);
        return chains;
    }

    private void collect(Node node, int depth, List<Chain> into) {
        into.add(node.chain());
        for (String path : node.branches()) {
            collect(branch(path, depth + 1), depth + 1, into);
        }
    }

    /**
     * Returns the chains that may differ after rules with these paths were added or removed.
     *
     * @param paths the paths of the added and removed rules
     * @param there the chains of the table before the rules were added and removed, as {@link #chains} returned them
     */
    public Difference since(Set<String> paths, Map<ChainName, Chain> there) {
        Comparison comparison = new Comparison(new TreeSet<>(paths), there);
        comparison.meet(trunkNode(), 0);
        return new Difference(List.copyOf(comparison.before.values()), List.copyOf(comparison.after.values()));
    }

    /** The old and the new versions of chains that may differ. Some of them may be equal. */
    public record Difference(List<Chain> before, List<Chain> after) {}

    /** Finds the chains that changed, beginning at the trunk. */
    private final class Comparison {
        private final NavigableSet<String> changed;
        private final Map<ChainName, Chain> there;
        private final NavigableMap<ChainName, Chain> before = new TreeMap<>();
        private final NavigableMap<ChainName, Chain> after = new TreeMap<>();

        Comparison(NavigableSet<String> changed, Map<ChainName, Chain> there) {
            this.changed = changed;
            this.there = there;
        }

        /**
         * Compares a chain with its old version at the same depth. Of its branches, only new branches, removed branches
         * and branches on a changed path are visited.
         */
        void meet(Node node, int depth) {
            Set<ChainName> had = note(node.chain());
            for (String path : node.branches()) {
                if (!had.remove(trunk.branch(path))) {
                    takeAll(branch(path, depth + 1), depth + 1);
                } else if (isChanged(path)) {
                    meet(branch(path, depth + 1), depth + 1);
                }
            }
            had.forEach(this::leaveAll);
        }

        private boolean isChanged(String path) {
            String next = changed.ceiling(path);
            return next != null && next.startsWith(path);
        }

        private void takeAll(Node node, int depth) {
            note(node.chain()).forEach(this::leaveAll);
            for (String path : node.branches()) {
                takeAll(branch(path, depth + 1), depth + 1);
            }
        }

        private void leaveAll(ChainName name) {
            Chain old = there.get(name);
            if (old != null && before.putIfAbsent(name, old) == null) {
                branches(old).forEach(this::leaveAll);
            }
        }

        /** Records the old and the new version of the chain. Returns the branches to which the old version jumps. */
        private Set<ChainName> note(Chain chain) {
            after.put(chain.name(), chain);
            Chain old = there.get(chain.name());
            if (old == null) {
                return new HashSet<>();
            }
            before.put(old.name(), old);
            return branches(old);
        }

        private Set<ChainName> branches(Chain chain) {
            Set<ChainName> names = new HashSet<>();
            for (Rule rule : chain.rules()) {
                ChainName to = rule.leadsTo();
                if (to != null && to.isBranch()) {
                    names.add(to);
                }
            }
            return names;
        }
    }

    private Node trunkNode() {
        List<Rule> written = new ArrayList<>();
        List<String> branches = new ArrayList<>();
        if (layout.isTree(size)) {
            divide("", rules, written, branches);
        } else {
            rules.values().stream()
                    .flatMap(List::stream)
                    .sorted(DispatchEntry.LINEAR_ORDER)
                    .map(DispatchEntry::rule)
                    .forEach(written::add);
        }
        written.addAll(last);
        return node(trunk.chain(), written, branches);
    }

    private Node branch(String path, int depth) {
        NavigableMap<String, List<DispatchEntry>> under = under(path);
        List<Rule> written = new ArrayList<>();
        List<String> branches = new ArrayList<>();
        if (depth >= DEEPEST || under.firstKey().equals(path) || isLeaf(under)) {
            under.values().forEach(some -> some.forEach(listed -> written.add(listed.rule())));
        } else {
            divide(path, under, written, branches);
        }
        return node(trunk.branch(path), written, branches);
    }

    private static Node node(ChainName name, List<Rule> rules, List<String> branches) {
        return new Node(new Chain(name, rules, new Origin.Node()), branches);
    }

    private static boolean isLeaf(NavigableMap<String, List<DispatchEntry>> under) {
        int count = 0;
        for (List<DispatchEntry> some : under.values()) {
            count += some.size();
            if (count > LEAF) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes one rule for each digit that follows this path: the only rule with that digit, or the jump to a branch.
     */
    private void divide(
            String path, NavigableMap<String, List<DispatchEntry>> under, List<Rule> written, List<String> branches) {
        String next = under.isEmpty() ? null : under.firstKey();
        while (next != null) {
            String digit = next.substring(0, path.length() + 1);
            NavigableMap<String, List<DispatchEntry>> group = under(digit);
            List<DispatchEntry> first = group.firstEntry().getValue();
            String shared = Paths.shared(group.firstKey(), group.lastKey());
            if (first.size() == 1 && shared.equals(group.firstKey())) {
                written.add(first.getFirst().rule());
            } else {
                written.add(new Rule.Known(
                        Paths.conditions(shared, family),
                        new Target.Jump(trunk.branch(shared)),
                        Comment.NONE,
                        new Origin.Node()));
                branches.add(shared);
            }
            next = rules.higherKey(end(digit));
            next = next != null && next.startsWith(path) ? next : null;
        }
    }

    private NavigableMap<String, List<DispatchEntry>> under(String path) {
        return rules.subMap(path, true, end(path), true);
    }

    /** Returns a text that sorts after every path with this prefix, and before every other greater path. */
    private static String end(String path) {
        return path + '~';
    }
}
