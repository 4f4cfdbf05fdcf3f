package io.fairlead.bench;

import io.fairlead.core.plan.ProxyMode;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How the work of each mode's backend grows with the cluster, from a plan to the text for the kernel, and back from its
 * text.
 */
public class RulesGrowth {

    /** Plans. */
    @State(Scope.Benchmark)
    public static class Plans {
        /** Whose rules. */
        @Param({"NFTABLES", "IPTABLES"})
        public ProxyMode mode;

        /** One for each Service. */
        @Param({"1000", "10000", "100000"})
        public int frontends;

        private RulesSubject<?, ?> subject;

        /** Plans. */
        @Setup
        public void plan() {
            subject = RulesSubject.of(mode, ReplacedEndpoints.of(frontends));
        }
    }

    /** Rules before and after a change. */
    @State(Scope.Benchmark)
    public static class Rendered {
        private Supplier<?> diff;

        /** Renders both. */
        @Setup
        public void render(Plans plans) {
            diff = plans.subject.diff();
        }
    }

    /** Rules that follow the plan. */
    @State(Scope.Benchmark)
    public static class Followed {
        private Supplier<String> next;

        /** Plans all changes beforehand, and begins to follow. */
        @Setup
        public void follow(Plans plans) {
            next = plans.subject.follow();
        }
    }

    /** What the kernel's tool lists. */
    @State(Scope.Benchmark)
    public static class Listed {
        private Supplier<?> read;

        /** Writes it. */
        @Setup
        public void list(Plans plans) {
            read = plans.subject.read();
        }
    }

    /** All rules of both families, as values. */
    @Benchmark
    public Object render(Plans plans) {
        return plans.subject.render();
    }

    /** All rules are compared with all rules; one endpoint differs. */
    @Benchmark
    public Object diff(Rendered rules) {
        return rules.diff.get();
    }

    /** From what has changed in the plan to the text for the kernel: an endpoint is replaced by another one. */
    @Benchmark
    public String followOneChange(Followed rules) {
        return rules.next.get();
    }

    /** The list text of both families, to values. */
    @Benchmark
    public Object read(Listed listed) {
        return listed.read.get();
    }
}
