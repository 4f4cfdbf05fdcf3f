package io.fairlead.bench;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.text.RuleWriter;
import io.fairlead.iptables.text.SaveReader;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A backend and a cluster. The methods {@link #diff}, {@link #follow} and {@link #read} prepare the input and return a
 * supplier; only its calls are measured. The method {@link #render} is measured as a whole.
 *
 * @param <R> the backend's rules
 * @param <C> the backend's changes
 */
final class RulesSubject<R extends Ruleset, C extends Change> {
    private static final ProcessRunner NO_TOOLS = command -> {
        throw new IllegalStateException("nothing is to be run: " + command);
    };

    private final Backend<R, C> backend;
    private final Function<R, Map<IpFamily, String>> lister;
    private final BiFunction<IpFamily, String, ?> reader;
    private final ReplacedEndpoints objects;
    private final Planner planner;
    private final Plan plan;

    private RulesSubject(
            Backend<R, C> backend,
            Function<R, Map<IpFamily, String>> lister,
            BiFunction<IpFamily, String, ?> reader,
            ReplacedEndpoints objects) {
        this.backend = backend;
        this.lister = lister;
        this.reader = reader;
        this.objects = objects;
        this.planner = new Planner(NodeSettings.defaults(backend.layout().mode(), "bench"));
        planner.replace(objects.state());
        planner.update();
        this.plan = planner.plan();
    }

    static RulesSubject<?, ?> of(ProxyMode mode, ReplacedEndpoints objects) {
        return switch (mode) {
            case NFTABLES ->
                new RulesSubject<>(
                        new NftKernel(new NoNftables()).backend(),
                        RulesSubject::listing,
                        (_, text) -> TableText.parse(text),
                        objects);
            case IPTABLES ->
                new RulesSubject<>(
                        new IptablesKernel(NO_TOOLS, IptablesOptions.defaults()).backend(),
                        RulesSubject::listing,
                        SaveReader::read,
                        objects);
        };
    }

    R render() {
        return backend.layout().render(plan);
    }

    /** Returns a comparison of two sets of rules in which one endpoint differs. */
    Supplier<C> diff() {
        R before = render();
        planner.put(objects.slice(0));
        planner.update();
        R after = backend.layout().render(planner.plan());
        return () -> backend.layout().diff(before, after);
    }

    /** Returns a supplier that computes the text of the next change at each call. */
    Supplier<String> follow() {
        List<PlanDelta> deltas = new ArrayList<>();
        objects.slices().forEach(slice -> {
            planner.put(slice);
            deltas.add(planner.update());
        });
        Follower<C> follower = backend.layout().follow(render(), plan);
        return new Supplier<>() {
            private Iterator<PlanDelta> next = deltas.iterator();

            @Override
            public String get() {
                next = next.hasNext() ? next : deltas.iterator();
                String text = follower.change(next.next()).text();
                follower.accepted();
                return text;
            }
        };
    }

    /** Returns a supplier that parses the texts of both families. */
    Supplier<List<?>> read() {
        Map<IpFamily, String> texts = lister.apply(render());
        return () -> {
            List<Object> read = new ArrayList<>();
            texts.forEach((family, text) -> read.add(reader.apply(family, text)));
            return read;
        };
    }

    private static Map<IpFamily, String> listing(NftRuleset rules) {
        Map<IpFamily, String> texts = new EnumMap<>(IpFamily.class);
        for (Table table : rules.tables().values()) {
            texts.put(table.family(), TableText.write(table));
        }
        return texts;
    }

    private static Map<IpFamily, String> listing(IptablesRuleset rules) {
        Map<IpFamily, String> texts = new EnumMap<>(IpFamily.class);
        for (FamilyRules family : rules.families().values()) {
            StringBuilder text = new StringBuilder();
            RuleWriter.write(family, text);
            texts.put(family.family(), text.toString());
        }
        return texts;
    }

    /** An nftables without a kernel, because these benchmarks only compute texts. */
    private static final class NoNftables implements Nftables {
        @Override
        public Answer apply(Transaction transaction) {
            throw new IllegalStateException("nothing is to be written");
        }

        @Override
        public Optional<List<Client>> clients(IpFamily family, SetName map) {
            throw new IllegalStateException("nothing is to be read");
        }

        @Override
        public Optional<ReadTable> read(IpFamily family) {
            throw new IllegalStateException("nothing is to be read");
        }
    }
}
