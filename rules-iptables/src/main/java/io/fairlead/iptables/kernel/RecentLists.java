package io.fairlead.iptables.kernel;

import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lists of clients in the kernel module xt_recent (AFF-14). Each endpoint of a Service with ClientIP affinity has
 * one list. The size of the lists is a parameter of the module, set when the module is loaded; the default is 100. If a
 * list is full, a new client replaces the client that was silent for the longest time.
 *
 * @param limit the file that contains the size of the lists
 */
public record RecentLists(Path limit) {
    /** The folder of the module. It exists if the module is loaded or is built into the kernel. */
    static final Path MODULE = Path.of("/sys/module/xt_recent");

    /** The file that contains the size of the lists. */
    public static final Path LIMIT = Path.of("/sys/module/xt_recent/parameters/ip_list_tot");

    /** The number of clients below which a list is too short for a busy endpoint. */
    private static final int ENOUGH = 1000;

    /** Returns a warning if the lists are short and a Service in these rules has affinity. */
    public Optional<String> remark(Collection<FamilyRules> families) {
        return remark(() -> families.stream()
                .flatMap(family -> family.table(Table.NAT).chains().values().stream())
                .map(RecentLists::user));
    }

    /**
     * Returns a warning if the lists are short and one of these transactions writes rules of a Service with affinity.
     */
    public Optional<String> remarkOn(List<TableChange> transactions) {
        return remark(() -> transactions.stream()
                .flatMap(transaction -> transaction.operations().stream())
                .map(operation -> switch (operation) {
                    case Operation.AddChain(Chain chain) -> user(chain);
                    case Operation.RewriteChain(Chain _, Chain after) -> user(after);
                    case Operation.AddRules _, Operation.DeleteChain _, Operation.AddJump _, Operation.DeleteJump _ ->
                        Optional.empty();
                }));
    }

    private Optional<String> remark(Supplier<Stream<Optional<ServicePortName>>> users) {
        Optional<Integer> clients = clients();
        if (clients.isEmpty() || clients.get() >= ENOUGH) {
            return Optional.empty();
        }
        return users.get()
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .map(port -> "the kernel keeps at most " + clients.get()
                        + " clients for each endpoint of Services with ClientIP affinity, such as Service "
                        + port.service() + ": load module xt_recent with a larger ip_list_tot");
    }

    /** Returns the Service port whose clients the rules of this chain store in a list; empty if they store none. */
    private static Optional<ServicePortName> user(Chain chain) {
        return chain.origin() instanceof Origin.Port(ServicePortName port)
                        && chain.rules().stream().anyMatch(RecentLists::remembers)
                ? Optional.of(port)
                : Optional.empty();
    }

    private static boolean remembers(Rule rule) {
        return rule instanceof Rule.Known known && known.matches().stream().anyMatch(Match.RecentSet.class::isInstance);
    }

    /** Returns the size of the lists in clients; empty if the module is not loaded or its parameter cannot be read. */
    private Optional<Integer> clients() {
        try {
            return Optional.of(Integer.parseInt(
                    Files.readString(limit, StandardCharsets.US_ASCII).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }
}
