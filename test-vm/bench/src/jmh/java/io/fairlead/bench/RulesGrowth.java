package io.fairlead.bench;

import io.fairlead.core.plan.ProxyMode;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Measures how the time that a backend needs grows with the cluster, for each mode. It measures the steps from a plan
 * to the text for the kernel, and the parsing of the kernel's text.
 */
public class RulesGrowth {

    /** The plans before and after a change. */
    @State(Scope.Benchmark)
    public static class Plans {
        /** The mode of the backend. */
        @Param({"NFTABLES", "IPTABLES"})
        public ProxyMode mode;

        /** The number of Services, each with one frontend (address, protocol and port). */
        @Param({"1000", "10000", "100000"})
        public int frontends;

        private RulesSubject<?, ?> subject;

        /** Computes both plans. */
        @Setup
        public void plan() {
            subject = RulesSubject.of(mode, ReplacedEndpoints.of(frontends));
        }
    }

    /** The rules before and after a change. */
    @State(Scope.Benchmark)
    public static class Rendered {
        private Supplier<?> diff;

        /** Renders both plans. */
        @Setup
        public void render(Plans plans) {
            diff = plans.subject.diff();
        }
    }

    /** A follower (it turns changes of the plan into changes of rules) that has all rules. */
    @State(Scope.Benchmark)
    public static class Followed {
        private Supplier<String> next;

        /** Computes all changes of the plan in advance, and starts the follower. */
        @Setup
        public void follow(Plans plans) {
            next = plans.subject.follow();
        }
    }

    /** The text that the kernel's tool lists. */
    @State(Scope.Benchmark)
    public static class Listed {
        private Supplier<?> read;

        /** Writes the text. */
        @Setup
        public void list(Plans plans) {
            read = plans.subject.read();
        }
    }

    /** Renders all rules of both families. */
    @Benchmark
    public Object render(Plans plans) {
        return plans.subject.render();
    }

    /** Compares two complete rule sets that differ in one endpoint. */
    @Benchmark
    public Object diff(Rendered rules) {
        return rules.diff.get();
    }

    /** Computes the text for the kernel from one change of the plan, in which an endpoint is replaced. */
    @Benchmark
    public String followOneChange(Followed rules) {
        return rules.next.get();
    }

    /** Parses the listed text of both families into rules. */
    @Benchmark
    public Object read(Listed listed) {
        return listed.read.get();
    }
}
