package io.fairlead.agent.compare;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Frontend;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.rule.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What each frontend leads to in a table that kube-proxy filled, in the layouts of 1.31 to 1.37: a chain for each Service port,
 * which sends packets to endpoints by itself (1.37) or through a chain for each endpoint.
 */
final class NftFrontends {
    private static final Pattern NEXT = Pattern.compile("\\b(?:goto|jump) ([A-Za-z_.][A-Za-z0-9_./-]*)");
    private static final Pattern DNAT = Pattern.compile("\\bdnat (?:ip6? )?to (\\S+)(.*)");
    private static final Pattern PAIR = Pattern.compile("\\d+ : ([0-9A-Fa-f.:]+) \\. (\\d+)");

    private final IpFamily family;
    private final Table table;
    private final SortedMap<FrontendId, Reached> found = new TreeMap<>();

    private NftFrontends(Table table) {
        this.family = table.family();
        this.table = table;
    }

    /** Whether kube-proxy filled it: Fairlead has no chain for a Service, but for those with affinity. */
    static boolean areKubeProxys(NftRuleset ruleset) {
        return ruleset.tables().values().stream()
                .flatMap(table -> table.chains().keySet().stream())
                .anyMatch(name -> name.text().matches("(?:service|local|external|endpoint)-.*/.*"));
    }

    static SortedMap<FrontendId, Reached> of(NftRuleset ruleset) {
        SortedMap<FrontendId, Reached> all = new TreeMap<>();
        ruleset.tables().values().forEach(table -> {
            NftFrontends frontends = new NftFrontends(table);
            frontends.read();
            all.putAll(frontends.found);
        });
        return all;
    }

    private void read() {
        List.of("service-ips", "service-nodeports").forEach(map -> elements(map, this::served));
        List.of("no-endpoint-services", "no-endpoint-nodeports").forEach(map -> elements(map, this::refused));
    }

    private void elements(String map, BiConsumer<FrontendId, Verdict> each) {
        NamedSet set = table.sets().get(new SetName(map));
        if (set == null) {
            return;
        }
        for (Element element : set.elements()) {
            Frontend.Key key = key(element.key());
            if (key != null && element.data() instanceof Verdict verdict) {
                each.accept(new FrontendId(family, key), verdict);
            }
        }
    }

    private static Frontend.@Nullable Key key(ElementKey key) {
        return switch (key) {
            case ElementKey.Vip(var ip, var protocol, int port) -> new Frontend.Key.Vip(ip, protocol, port);
            case ElementKey.NodePort(var protocol, int port) -> new Frontend.Key.Node(protocol, port);
            default -> null;
        };
    }

    private void served(FrontendId frontend, Verdict verdict) {
        Set<IpPort> endpoints = new TreeSet<>();
        if (verdict instanceof Verdict.Goto(ChainName chain)) {
            collect(chain, endpoints, new HashSet<>());
        }
        found.put(frontend, Reached.NOTHING.and(endpoints));
    }

    private void refused(FrontendId frontend, Verdict verdict) {
        Reached.Refusal refusal = verdict instanceof Verdict.Drop ? Reached.Refusal.DROP : Reached.Refusal.REJECT;
        found.merge(frontend, new Reached(List.of(), refusal), (before, now) -> before.and(now.refusal()));
    }

    private void collect(ChainName name, Set<IpPort> endpoints, Set<ChainName> seen) {
        Chain chain = table.chains().get(name);
        if (chain == null || !seen.add(name)) {
            return;
        }
        for (Rule rule : chain.rules()) {
            for (Statement statement : rule.statements()) {
                switch (statement) {
                    case Statement.Decide(Verdict.Goto(ChainName next)) -> collect(next, endpoints, seen);
                    case Statement.Decide(Verdict.Jump(ChainName next)) -> collect(next, endpoints, seen);
                    case Statement.ForeignRule(String text) -> foreign(text, endpoints, seen);
                    default -> {}
                }
            }
        }
    }

    private void foreign(String text, Set<IpPort> endpoints, Set<ChainName> seen) {
        NEXT.matcher(text).results().forEach(next -> collect(new ChainName(next.group(1)), endpoints, seen));
        Matcher dnat = DNAT.matcher(text);
        if (dnat.find()) {
            if (dnat.group(2).contains("map {")) {
                PAIR.matcher(dnat.group(2))
                        .results()
                        .forEach(pair ->
                                endpoints.add(new IpPort(Ip.parse(pair.group(1)), Integer.parseInt(pair.group(2)))));
            } else {
                endpoints.add(IpPort.parse(dnat.group(1)));
            }
        }
    }
}
