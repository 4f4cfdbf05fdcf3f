package io.fairlead.bench;

import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures how the time to compute a plan grows with the cluster. The mode does not influence this time. */
public class PlanGrowth {
    private static final NodeSettings SETTINGS = NodeSettings.defaults(ProxyMode.NFTABLES, "bench");

    /** The objects of a cluster. */
    @State(Scope.Benchmark)
    public static class Cluster {
        /** The number of Services, each with one frontend (address, protocol and port). */
        @Param({"1000", "10000", "100000"})
        public int frontends;

        ReplacedEndpoints objects;

        /** Creates the objects. */
        @Setup
        public void make() {
            objects = ReplacedEndpoints.of(frontends);
        }
    }

    /** A planner that has already computed a plan of the cluster. */
    @State(Scope.Benchmark)
    public static class Planned {
        private ReplacedEndpoints objects;
        private Planner planner;
        private int changes;

        /** Plans all objects. */
        @Setup
        public void plan(Cluster cluster) {
            objects = cluster.objects;
            planner = new Planner(SETTINGS);
            planner.replace(objects.state());
            planner.update();
        }

        PlanDelta change() {
            planner.put(objects.slice(changes++));
            return planner.update();
        }
    }

    /** Computes the plan of all objects with a new planner. */
    @Benchmark
    public Plan plan(Cluster cluster) {
        return Planner.plan(cluster.objects.state(), SETTINGS);
    }

    /** Updates the plan after one change, in which an endpoint is replaced by another. */
    @Benchmark
    public PlanDelta planOneChange(Planned planned) {
        return planned.change();
    }
}
