package io.fairlead.bench.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whoever keeps the rules. */
sealed interface Contender {

    /** Fairlead, as this very process was started. */
    record Fairlead(List<String> program) implements Contender {
        @Override
        public String name() {
            return "Fairlead";
        }

        @Override
        public Duration between() {
            return Duration.ofMillis(250);
        }
    }

    /** The real one. */
    record KubeProxy(Path program) implements Contender {
        @Override
        public String name() {
            return "kube-proxy";
        }

        /** More than its minSyncPeriod of a second, so that no change waits for the one before it. */
        @Override
        public Duration between() {
            return Duration.ofMillis(1100);
        }
    }

    String name();

    /** How long nothing happens between two single changes. */
    Duration between();

    /** The command line; both take the same flags, but for those that only one of them has. */
    default List<String> words(Tools tools, Path kubeconfig) {
        List<String> words = new ArrayList<>();
        switch (this) {
            case Fairlead(List<String> program) -> {
                words.addAll(program);
                words.add("agent");
                words.addAll(tools.ofFairlead());
            }
            case KubeProxy(Path program) -> words.add(program.toString());
        }
        words.addAll(List.of(
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-a",
                "--proxy-mode=" + tools.mode().text(),
                "--cluster-cidr=10.0.0.0/8",
                "--conntrack-max-per-core=0"));
        return words;
    }
}
