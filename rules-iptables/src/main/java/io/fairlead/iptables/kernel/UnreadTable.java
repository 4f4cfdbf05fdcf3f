package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.kernel.RawTables.RawRule;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.JumpRules;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.text.PartialSave;
import io.fairlead.iptables.text.RuleWriter;
import io.fairlead.iptables.text.SaveReader;
import io.fairlead.linux.process.ProcessResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A table that iptables-save cannot show completely. */
final class UnreadTable {
    private static final Origin NODE = new Origin.Node();

    /**
     * The maximum number of chains that are listed separately. Listing a chain starts iptables, which takes some
     * milliseconds.
     */
    private static final int MOST_SUSPECTS = 300;

    private final Tools tools;
    private final RawTables raw;
    private final IpFamily family;
    private final Table table;
    private ProcessResult save = new ProcessResult(0, "", "");
    private Set<String> chains = Set.of();
    private Set<String> unread = Set.of();
    private String culprit = "";

    UnreadTable(Tools tools, RawTables raw, IpFamily family, Table table) {
        this.tools = tools;
        this.raw = raw;
        this.family = family;
        this.table = table;
    }

    /** Sets the result of a new iptables-save of the same table. Returns this object. */
    UnreadTable with(ProcessResult partial) {
        save = partial;
        return this;
    }

    /**
     * Reads Fairlead's chains and jumps in this table as far as possible. A chain that the tool cannot show is returned
     * without rules and is marked as unread.
     */
    TableRules rules() {
        PartialSave partial = PartialSave.of(save.output());
        boolean named = !partial.chains().isEmpty();
        chains = named ? partial.chains() : new LinkedHashSet<>(raw.chains(family, table));
        unread = named ? partial.unread() : chains;
        StringBuilder text = new StringBuilder(named ? partial.text() : "*" + table.text() + "\n");
        SortedMap<BuiltInChain, List<Rule>> checked = new TreeMap<>();
        for (BuiltInChain from : BuiltInChain.values()) {
            if (mayHaveJumps(from)) {
                ProcessResult list = tools.list(family, table, from.name());
                if (list.succeeded()) {
                    text.append(list.output()).append('\n');
                } else {
                    checked.put(from, present(from));
                }
            }
        }
        TableRules read = SaveReader.read(family, text.toString()).table(table);
        SortedMap<ChainName, Chain> ours = new TreeMap<>(read.chains());
        unread.stream().filter(table::ownsNamed).map(ChainName::new).forEach(name -> {
            Origin origin = name.isOfService() ? new Origin.Unknown(name.text()) : NODE;
            ours.put(name, Chain.unread(name, origin));
        });
        SortedMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>(read.jumps());
        jumps.putAll(checked);
        return new RawReferences(raw, family).corrected(new TableRules(table, ours, jumps, referrers(read, checked)));
    }

    private boolean mayHaveJumps(BuiltInChain from) {
        return JumpRules.known(table, from).findAny().isPresent() && (chains.isEmpty() || unread.contains(from.name()));
    }

    /** Returns Fairlead's jumps in a chain that cannot be listed. The existence of each jump is checked separately. */
    private List<Rule> present(BuiltInChain from) {
        List<Rule> present = new ArrayList<>();
        JumpRules.known(table, from)
                .filter(jump -> chains.isEmpty() || chains.contains(String.valueOf(jump.leadsTo())))
                .filter(jump -> isPresent(from, jump))
                .forEach(present::add);
        return present;
    }

    /**
     * Returns whether a jump exists. "-C" compares one rule after the other. It fails if it meets an unreadable rule
     * before it finds the jump; in this case nf_tables is queried.
     */
    private boolean isPresent(BuiltInChain from, Rule jump) {
        ProcessResult check = tools.check(family, table, from.name(), RuleWriter.jumpWords(jump));
        if (check.succeeded() || check.exitCode() == Tools.NO_SUCH_RULE) {
            return check.succeeded();
        }
        return raw.rules(family, table, from.name()).stream()
                .anyMatch(rule ->
                        RawReferences.looksLike(jump, rule) && rule.sets().isEmpty());
    }

    private SortedMap<ChainName, String> referrers(TableRules read, SortedMap<BuiltInChain, List<Rule>> checked) {
        SortedMap<ChainName, String> referrers = new TreeMap<>(read.referrers());
        RawReferences references = new RawReferences(raw, family);
        unread.stream()
                .filter(chain -> !table.ownsNamed(chain) && !isBuiltIn(chain))
                .forEach(chain -> references.addRules(table, chain, referrers));
        checked.forEach((from, jumps) -> raw.rules(family, table, from.name()).stream()
                .filter(rule -> table.ownsNamed(rule.leadsTo()))
                .filter(rule -> jumps.stream().noneMatch(jump -> RawReferences.looksLike(jump, rule)))
                .map(RawRule::leadsTo)
                .forEach(to -> referrers.putIfAbsent(new ChainName(to), RawReferences.ruleIn(from.name()))));
        return referrers;
    }

    /** Returns one sentence for the operator: what could not be read, the reason, and the consequence. */
    String sentence() {
        String chain = culprit();
        String program = tools.program(family);
        StringBuilder text =
                new StringBuilder(family.text() + " table " + table.text() + ": " + program + " cannot show ");
        if (chain.isEmpty()) {
            text.append("rules of another program in this table");
        } else {
            text.append("chain ").append(chain).append(", which holds rules of another program");
        }
        String reason = Refusal.ofError(save).reason();
        if (!reason.isEmpty()) {
            text.append(" (").append(reason).append(')');
        }
        if (!raw.chains(family, table).isEmpty()) {
            text.append("; nft list ")
                    .append(chain.isEmpty() ? "table " : "chain ")
                    .append(family == IpFamily.IPV4 ? "ip " : "ip6 ")
                    .append(table.text())
                    .append(chain.isEmpty() ? "" : " " + chain)
                    .append(" shows them");
        }
        if (chains.isEmpty()) {
            text.append("; chains of deleted Services cannot be found in this table");
        } else if (unread.stream().anyMatch(table::ownsNamed)) {
            text.append("; each resync writes all of Fairlead's chains in this table");
        }
        return text.append("; nftables mode is not affected").toString();
    }

    /**
     * Returns the first chain that iptables cannot list because of another program's rules; "" if no such chain is
     * found.
     */
    private String culprit() {
        if (culprit.isEmpty() || isShown(culprit)) {
            culprit = Stream.of(
                            Arrays.stream(BuiltInChain.values())
                                    .map(BuiltInChain::name)
                                    .filter(unread::contains),
                            unread.stream().filter(chain -> !isBuiltIn(chain) && !table.ownsNamed(chain)),
                            table.fixedChains().stream().map(ChainName::text).filter(unread::contains))
                    .flatMap(some -> some)
                    .limit(MOST_SUSPECTS)
                    .filter(chain -> !isShown(chain))
                    .findFirst()
                    .orElse("");
        }
        return culprit;
    }

    private boolean isShown(String chain) {
        return tools.list(family, table, chain).succeeded();
    }

    private static boolean isBuiltIn(String chain) {
        return Arrays.stream(BuiltInChain.values()).anyMatch(each -> each.name().equals(chain));
    }
}
