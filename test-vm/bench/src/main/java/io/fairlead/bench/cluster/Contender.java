package io.fairlead.bench.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A proxy that is measured. */
sealed interface Contender {

    /** Fairlead, started with the same program and options as this process. */
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

    /** The real kube-proxy. */
    record KubeProxy(Path program) implements Contender {
        @Override
        public String name() {
            return "kube-proxy";
        }

        /** Longer than its minSyncPeriod of one second, so that no change waits for the previous one. */
        @Override
        public Duration between() {
            return Duration.ofMillis(1100);
        }
    }

    String name();

    /** Returns the pause between two single changes. */
    Duration between();

    /** Returns the command line. Both proxies accept the same flags, except for the flags that only Fairlead has. */
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
