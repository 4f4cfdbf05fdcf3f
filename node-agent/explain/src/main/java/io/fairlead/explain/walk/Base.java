package io.fairlead.explain.walk;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.BaseHook;
import io.fairlead.explain.model.Hook;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A base chain: a chain that the kernel calls at a hook. */
record Base(RuleTable table, RuleChain chain, BaseHook hook) {

    /** Returns the base chains of each hook, in the order in which the kernel calls them. */
    static Map<Hook, List<Base>> of(NodeRules rules, IpFamily family) {
        Map<Hook, List<Base>> bases = new EnumMap<>(Hook.class);
        for (RuleTable table : rules.tables().reversed()) {
            table.chains().values().stream().toList().reversed().forEach(chain -> {
                BaseHook hook = chain.hook();
                if (hook != null
                        && (table.family().sees(family) || !hook.devices().isEmpty())) {
                    bases.computeIfAbsent(hook.hook(), _ -> new ArrayList<>()).add(new Base(table, chain, hook));
                }
            });
        }
        bases.values()
                .forEach(ofHook -> ofHook.sort(
                        Comparator.<Base>comparingInt(base -> base.hook().calledAt())
                                .thenComparingInt(base -> base.hook().priority())));
        return bases;
    }
}
