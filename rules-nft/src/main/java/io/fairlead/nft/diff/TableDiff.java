package io.fairlead.nft.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.layout.Hooks;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes the operations that turn one table into another.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>The operations are in an order that the kernel accepts for every content of the table: a reference is deleted
 *       before the object to which it refers, and an object is added before references to it.
 *   <li>Chains that are not wanted lose their effect in {@code main}: base chains are deleted, and other chains are
 *       emptied. {@code tidy} deletes the emptied chains, and all other objects that are not wanted.
 *   <li>{@code tidy} comes last in the same transaction. A kernel before 6.2 counts a reference to a chain until after
 *       the transaction that deletes the reference (NFT-24). On such a kernel, {@code main} is applied alone, and
 *       {@code tidy} is applied after it.
 *   <li>A pick chain chooses one of a certain number of endpoints. If no Service has that number of endpoints any more,
 *       the chain is kept. It is correct, another Service may need it, and the kernel may be processing a packet that
 *       jumps to it.
 *   <li>A base chain that nothing needs any more is kept. Services often lose and get endpoints. When the kernel
 *       unregisters a hook, it drops every packet that waits in a queue of the network namespace (NFQUEUE), also of
 *       other programs; and without the base chains for nat, it no longer translates established connections. The
 *       chain is correct, and costs a packet of an established connection only one comparison.
 *   <li>Comments on sets and chains do not count as differences, because the kernel cannot change them.
 * </ol>
 */
public final class TableDiff {
    private final Table current;
    private final Table desired;
    private final List<Operation> main = new ArrayList<>();
    private final List<Operation> tidy = new ArrayList<>();

    private final Set<SetName> newSets = new TreeSet<>();
    private final Set<SetName> retimedSets = new TreeSet<>();
    private final Set<SetName> remadeSets = new TreeSet<>();
    private final Set<ChainName> newChains = new TreeSet<>();
    private final Set<ChainName> remadeChains = new TreeSet<>();
    private final Set<ChainName> rewrittenChains = new TreeSet<>();
    private final Set<ChainName> goneChains = new TreeSet<>();

    private TableDiff(Table current, Table desired) {
        this.current = current;
        this.desired = desired;
    }

    /**
     * Returns the change that turns {@code current} into {@code desired}.
     *
     * @param current null if the table does not exist
     */
    public static TableChange between(@Nullable Table current, Table desired) {
        Table before = current == null ? empty(desired.family()) : current;
        TableDiff diff = new TableDiff(before, withHooksOf(before, desired));
        if (current == null || current.others().stream().anyMatch(TableDiff::isFlag)) {
            diff.main.add(new Operation.AddTable(desired.comment()));
        }
        diff.compare();
        return new TableChange(desired.family(), diff.main, diff.tidy);
    }

    /** Returns the desired table, together with the base chains of the current table that nothing needs any more. */
    private static Table withHooksOf(Table current, Table desired) {
        Set<Need> there = Hooks.served(current.chains());
        Set<Need> needs = Hooks.served(desired.chains());
        if (!needs.addAll(there)) {
            return desired;
        }
        SortedMap<ChainName, Chain> chains = new TreeMap<>(desired.chains());
        Hooks.chains(needs).forEach(chain -> chains.put(chain.name(), chain));
        return new Table(desired.family(), desired.comment(), desired.sets(), chains, desired.others());
    }

    /**
     * Returns the change that deletes a table with all objects in it.
     *
     * @param current null if the table does not exist
     */
    public static TableChange removal(@Nullable Table current, IpFamily family) {
        return new TableChange(
                family, current == null ? List.of() : List.of(new Operation.DeleteTable(current)), List.of());
    }

    private static Table empty(IpFamily family) {
        return Table.of(family, Comment.NONE, List.of(), List.of(), List.of());
    }

    static boolean isFlag(Table.OtherObject object) {
        return object.kind().equals("flags");
    }

    private void compare() {
        classifySets();
        classifyChains();
        List<Operation> added = new ArrayList<>();
        flushChains();
        current.sets().values().forEach(set -> compareElements(set, added));
        remadeSets.forEach(name -> main.add(new Operation.DeleteSet(currentSet(name))));
        remadeChains.forEach(name -> main.add(new Operation.DeleteChain(currentChain(name))));
        for (ChainName name : goneChains) {
            if (currentChain(name).hook() != null) {
                main.add(new Operation.DeleteChain(currentChain(name)));
            }
        }
        for (ChainName name : union(newChains, remadeChains)) {
            main.add(new Operation.AddChain(desiredChain(name).declaration()));
        }
        for (SetName name : union(newSets, remadeSets)) {
            main.add(new Operation.AddSet(desiredSet(name).declaration()));
        }
        for (SetName name : retimedSets) {
            main.add(new Operation.ChangeTimeout(
                    currentSet(name), desiredSet(name).declaration()));
        }
        for (ChainName name : union(union(newChains, remadeChains), rewrittenChains)) {
            Chain chain = desiredChain(name);
            chain.rules().forEach(rule -> main.add(new Operation.AddRule(chain.declaration(), rule)));
        }
        for (SetName name : union(newSets, remadeSets)) {
            addElements(desiredSet(name), desiredSet(name).elements(), added);
        }
        main.addAll(added);
        tidy();
    }

    private void classifySets() {
        for (NamedSet set : desired.sets().values()) {
            NamedSet there = current.sets().get(set.name());
            if (there == null) {
                newSets.add(set.name());
            } else if (differInTimeout(there.type(), set.type())) {
                retimedSets.add(set.name());
            } else if (!there.type().equals(set.type())) {
                remadeSets.add(set.name());
            }
        }
    }

    /** Returns whether both are affinity maps that store the same part of the endpoint and have different time-outs. */
    private static boolean differInTimeout(SetType there, SetType wanted) {
        return there instanceof SetType.Affinity(int before, var remembered)
                && wanted instanceof SetType.Affinity(int after, var remembers)
                && remembered == remembers
                && before != after;
    }

    private void classifyChains() {
        for (Chain chain : desired.chains().values()) {
            Chain there = current.chains().get(chain.name());
            if (there == null) {
                newChains.add(chain.name());
            } else if (!Objects.equals(there.hook(), chain.hook())) {
                remadeChains.add(chain.name());
            } else if (!there.rules().equals(chain.rules()) || refersToRemade(there)) {
                rewrittenChains.add(chain.name());
            }
        }
        for (Chain chain : current.chains().values()) {
            if (!desired.chains().containsKey(chain.name()) && !isWellFormedPick(chain)) {
                goneChains.add(chain.name());
            }
        }
    }

    private boolean refersToRemade(Chain chain) {
        return !remadeSets.isEmpty()
                && chain.rules().stream()
                        .flatMap(rule -> rule.statements().stream())
                        .flatMap(statement -> statement.sets().stream())
                        .anyMatch(remadeSets::contains);
    }

    private boolean isWellFormedPick(Chain chain) {
        return Names.pick(chain.name())
                .filter(pick -> chain.hook() == null
                        && chain.rules().equals(Renderer.pick(pick).rules())
                        && current.chains().containsKey(pick.pool().pick(1)))
                .isPresent();
    }

    private void flushChains() {
        for (ChainName name : union(union(rewrittenChains, remadeChains), goneChains)) {
            if (!currentChain(name).rules().isEmpty()) {
                main.add(new Operation.FlushChain(currentChain(name)));
            }
        }
    }

    private void compareElements(NamedSet there, List<Operation> added) {
        NamedSet wanted = desired.sets().get(there.name());
        if (wanted == null
                || remadeSets.contains(there.name())
                || there.elements().equals(wanted.elements())) {
            return;
        }
        if (wanted.type() instanceof SetType.Ranges) {
            main.add(new Operation.FlushSet(there));
            addElements(wanted, wanted.elements(), added);
        } else if (wanted.type().isPool()) {
            PoolDiff diff = new PoolDiff(there.elements(), wanted.elements());
            deleteElements(there, diff.removed());
            addElements(wanted, diff.added(), added);
        } else {
            compareByKey(there, wanted, added);
        }
    }

    private void compareByKey(NamedSet there, NamedSet wanted, List<Operation> added) {
        List<Element> gone = new ArrayList<>();
        List<Element> come = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < there.elements().size() || j < wanted.elements().size()) {
            Element left = i < there.elements().size() ? there.elements().get(i) : null;
            Element right = j < wanted.elements().size() ? wanted.elements().get(j) : null;
            int order = left == null ? 1 : right == null ? -1 : left.key().compareTo(right.key());
            if (!Objects.equals(left, right)) {
                if (left != null && order <= 0) {
                    gone.add(left);
                }
                if (right != null && order >= 0) {
                    come.add(right);
                }
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        deleteElements(there, gone);
        addElements(wanted, come, added);
    }

    private void deleteElements(NamedSet set, List<Element> elements) {
        if (!elements.isEmpty()) {
            main.add(new Operation.DeleteElements(set.declaration(), elements));
        }
    }

    private static void addElements(NamedSet set, List<Element> elements, List<Operation> added) {
        if (!elements.isEmpty()) {
            added.add(new Operation.AddElements(set.declaration(), elements));
        }
    }

    private void tidy() {
        for (NamedSet set : current.sets().values()) {
            if (!desired.sets().containsKey(set.name())) {
                tidy.add(new Operation.DeleteSet(set));
            }
        }
        for (ChainName name : goneChains) {
            if (currentChain(name).hook() == null) {
                tidy.add(new Operation.DeleteChain(currentChain(name)));
            }
        }
        for (Table.OtherObject object : current.others()) {
            if (!isFlag(object)) {
                tidy.add(new Operation.DeleteOther(object));
            }
        }
    }

    private static <T> Set<T> union(Set<T> one, Set<T> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<T> union = new LinkedHashSet<>(one);
        union.addAll(other);
        return union;
    }

    private Chain currentChain(ChainName name) {
        return Objects.requireNonNull(current.chains().get(name));
    }

    private Chain desiredChain(ChainName name) {
        return Objects.requireNonNull(desired.chains().get(name));
    }

    private NamedSet currentSet(SetName name) {
        return Objects.requireNonNull(current.sets().get(name));
    }

    private NamedSet desiredSet(SetName name) {
        return Objects.requireNonNull(desired.sets().get(name));
    }
}
