package io.fairlead.nftables.write;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.SetName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Divides a transaction that is too long for the socket into several transactions. This is necessary in a user
 * namespace, where no process may enlarge the send buffer beyond net.core.wmem_max. The rules are valid after each of
 * these transactions. Their order is:
 *
 * <ol>
 * <li>Sets, chains without a hook, and their rules. In a new table no packet reaches them yet. In a table that already
 *   translates, also new base chains that refuse packets.
 * <li>The elements. All elements of a Service port are in the same transaction, so packets see the old or the new
 *   elements of the port, never a mixture.
 * <li>Base chains with their rules, and the deletion of chains and sets. In a new table this step puts all rules into
 *   effect.
 * </ol>
 */
final class Division {
    private final int limit;
    private final ToIntFunction<Transaction> size;
    private final List<Transaction> pieces = new ArrayList<>();

    /** All operations of the transaction. A {@link Unit} refers to an operation by its index in this list. */
    private final List<Operation> operations = new ArrayList<>();

    /**
     * The elements that are deleted and added for one Service port, by the index of the operation that contains them.
     */
    private record Unit(IpFamily family, SortedMap<Integer, List<Element>> elements) {
        Unit(IpFamily family) {
            this(family, new TreeMap<>());
        }

        void add(int operation, List<Element> some) {
            elements.computeIfAbsent(operation, _ -> new ArrayList<>()).addAll(some);
        }

        /** Returns the operations for these elements, deletions before additions. */
        Transaction.Part part(List<Operation> operations) {
            return new Transaction.Part(
                    family,
                    elements.entrySet().stream()
                            .map(entry -> with(operations.get(entry.getKey()), entry.getValue()))
                            .sorted(Comparator.comparing(Operation.AddElements.class::isInstance))
                            .toList());
        }

        private static Operation with(Operation operation, List<Element> some) {
            return switch (operation) {
                case Operation.AddElements(NamedSet set, var _) -> new Operation.AddElements(set, some);
                case Operation.DeleteElements(NamedSet set, var _) -> new Operation.DeleteElements(set, some);
                default -> operation;
            };
        }
    }

    private record Key(IpFamily family, SetName set, ElementKey key) {}

    private record Owner(IpFamily family, Origin origin) {}

    private Division(int limit, ToIntFunction<Transaction> size) {
        this.limit = limit;
        this.size = size;
    }

    /**
     * Returns transactions which, executed in order, have the same result as the transaction.
     *
     * @param limit the greatest size of a returned transaction in bytes. Only a transaction that cannot be divided is
     *     longer
     * @param size returns the size of a transaction in bytes
     */
    static List<Transaction> pieces(Transaction transaction, int limit, ToIntFunction<Transaction> size) {
        Division division = new Division(limit, size);
        division.divide(transaction);
        return division.pieces;
    }

    private void divide(Transaction transaction) {
        List<Transaction.Part> first = new ArrayList<>();
        List<Transaction.Part> last = new ArrayList<>();
        Map<Owner, Unit> units = new LinkedHashMap<>();
        Map<Key, Origin> adders = adders(transaction);
        for (Transaction.Part part : transaction.parts()) {
            List<Operation> structure = new ArrayList<>();
            List<Operation> ending = new ArrayList<>();
            Set<ChainName> written = written(part);
            Set<SetName> added = addedSets(part);
            Set<ChainName> guards = guards(part);
            for (Operation operation : part.operations()) {
                operations.add(operation);
                int number = operations.size() - 1;
                switch (operation) {
                    case Operation.AddElements(var _, List<Element> elements) ->
                        elements.forEach(element ->
                                unit(units, part.family(), element.origin()).add(number, List.of(element)));
                    case Operation.DeleteElements(NamedSet set, List<Element> elements) ->
                        elements.forEach(element -> unit(
                                        units,
                                        part.family(),
                                        adders.getOrDefault(
                                                new Key(part.family(), set.name(), element.key()), element.origin()))
                                .add(number, List.of(element)));
                    case Operation.FlushSet(NamedSet set) ->
                        unit(units, part.family(), set.origin()).add(number, List.of());
                    default -> (isLast(operation, written, added, guards) ? ending : structure).add(operation);
                }
            }
            first.add(new Transaction.Part(part.family(), structure));
            last.add(new Transaction.Part(part.family(), ending));
        }
        first.forEach(this::addStructure);
        addUnits(units.values());
        add(last);
    }

    private static Unit unit(Map<Owner, Unit> units, IpFamily family, Origin origin) {
        return units.computeIfAbsent(new Owner(family, origin), _ -> new Unit(family));
    }

    /**
     * Returns, for each key that is added, its Service port. If the old element of a key belonged to another Service
     * port, it must be deleted in the transaction that adds the new element.
     */
    private static Map<Key, Origin> adders(Transaction transaction) {
        Map<Key, Origin> adders = new HashMap<>();
        for (Transaction.Part part : transaction.parts()) {
            for (Operation operation : part.operations()) {
                if (operation instanceof Operation.AddElements(NamedSet set, List<Element> elements)) {
                    elements.forEach(
                            element -> adders.put(new Key(part.family(), set.name(), element.key()), element.origin()));
                }
            }
        }
        return adders;
    }

    private static Set<ChainName> written(Transaction.Part part) {
        Set<ChainName> written = new HashSet<>();
        for (Operation operation : part.operations()) {
            if (operation instanceof Operation.AddRule(var chain, var _)) {
                written.add(chain.name());
            }
        }
        return written;
    }

    private static Set<SetName> addedSets(Transaction.Part part) {
        Set<SetName> added = new HashSet<>();
        for (Operation operation : part.operations()) {
            if (operation instanceof Operation.AddSet(NamedSet set)) {
                added.add(set.name());
            }
        }
        return added;
    }

    /**
     * Returns the new base chains that are written before the elements, because they refuse packets. Without them, a
     * new Service would be open to every source until the last transaction. There are none if the table or one of its
     * NAT chains is new, because no packet reaches the elements before the last transaction.
     */
    private static Set<ChainName> guards(Transaction.Part part) {
        Set<ChainName> guards = new HashSet<>();
        for (Operation operation : part.operations()) {
            if (operation instanceof Operation.AddTable) {
                return Set.of();
            }
            if (operation instanceof Operation.AddChain(var chain) && chain.hook() != null) {
                if (chain.hook().type() == Hook.Type.NAT) {
                    return Set.of();
                }
                guards.add(chain.name());
            }
        }
        for (Operation operation : part.operations()) {
            if (operation instanceof Operation.DeleteChain(var chain)) {
                guards.remove(chain.name());
            }
        }
        return guards;
    }

    private static boolean isLast(
            Operation operation, Set<ChainName> written, Set<SetName> added, Set<ChainName> guards) {
        return switch (operation) {
            case Operation.AddChain(var chain) -> chain.hook() != null && !guards.contains(chain.name());
            case Operation.AddRule(var chain, var _) -> chain.hook() != null && !guards.contains(chain.name());
            case Operation.FlushChain(var chain) -> chain.hook() != null || !written.contains(chain.name());
            case Operation.DeleteSet(NamedSet set) -> !added.contains(set.name());
            case Operation.DeleteChain _, Operation.DeleteOther _, Operation.DeleteTable _ -> true;
            case Operation.AddTable _,
                    Operation.AddSet _,
                    Operation.ChangeTimeout _,
                    Operation.FlushSet _,
                    Operation.AddElements _,
                    Operation.DeleteElements _ -> false;
        };
    }

    /**
     * Adds the operations on sets, chains and rules. If the table is new, they can be divided anywhere, because no
     * packet reaches the objects yet. Otherwise they stay in one transaction.
     */
    private void addStructure(Transaction.Part part) {
        boolean fresh = part.operations().stream()
                .allMatch(operation -> operation instanceof Operation.AddTable
                        || operation instanceof Operation.AddSet
                        || operation instanceof Operation.AddChain
                        || operation instanceof Operation.AddRule);
        if (!fresh || size.applyAsInt(new Transaction(List.of(part))) <= limit) {
            add(List.of(part));
            return;
        }
        List<Operation> some = new ArrayList<>();
        int length = 0;
        for (Operation operation : part.operations()) {
            int own = size.applyAsInt(Transaction.of(part.family(), operation));
            if (length + own > limit) {
                add(List.of(new Transaction.Part(part.family(), some)));
                some.clear();
                length = 0;
            }
            some.add(operation);
            length += own;
        }
        add(List.of(new Transaction.Part(part.family(), some)));
    }

    private void addUnits(Iterable<Unit> units) {
        List<Unit> some = new ArrayList<>();
        int length = 0;
        for (Unit unit : units) {
            int own = size.applyAsInt(new Transaction(List.of(unit.part(operations))));
            if (length + own > limit) {
                add(joined(some));
                some.clear();
                length = 0;
            }
            some.add(unit);
            length += own;
        }
        add(joined(some));
    }

    /**
     * Joins the elements of several Service ports, so that there are at most as many operations as in the transaction.
     */
    private List<Transaction.Part> joined(List<Unit> units) {
        Map<IpFamily, Unit> families = new LinkedHashMap<>();
        for (Unit unit : units) {
            Unit all = families.computeIfAbsent(unit.family(), Unit::new);
            unit.elements().forEach(all::add);
        }
        return families.values().stream().map(unit -> unit.part(operations)).toList();
    }

    private void add(List<Transaction.Part> parts) {
        Transaction piece = new Transaction(
                parts.stream().filter(part -> !part.operations().isEmpty()).toList());
        if (!piece.isEmpty()) {
            pieces.add(piece);
        }
    }
}
