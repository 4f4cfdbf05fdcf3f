package io.fairlead.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A proxy that the benchmark measures. */
sealed interface Contender {

    /**
     * Fairlead: this build, started with the same program and options as this process, or an older one.
     *
     * @param program the command line without the agent's own arguments
     */
    record Fairlead(String name, List<String> program) implements Contender {
        /** The name of this build. */
        static final String THIS = "Fairlead";

        /** Returns the older build whose launcher is in the folder of its checkout. */
        static Fairlead older(Path checkout) {
            Path state = checkout.resolve(".fairlead");
            try {
                Path app =
                        state.resolve(Files.readString(state.resolve("current")).strip());
                List<String> words = new ArrayList<>(
                        List.of(ProcessHandle.current().info().command().orElseThrow()));
                for (String options : List.of("jvm-options", "agent-jvm-options")) {
                    words.addAll(List.of(
                            Files.readString(app.resolve(options)).strip().split(" ", -1)));
                }
                words.addAll(List.of(
                        "-XX:AOTCache=" + app.resolve("fairlead.aot"),
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr",
                        "-cp",
                        app.resolve("lib/fairlead.jar").toString(),
                        "io.fairlead.cli.Main"));
                return new Fairlead("older build", words);
            } catch (IOException e) {
                throw new BenchException(checkout + " has no built launcher: start ./fairlead there once", e);
            }
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

        /**
         * Returns a pause that is longer than kube-proxy's minSyncPeriod of one second, so that no change is delayed by
         * the previous change.
         */
        @Override
        public Duration between() {
            return Duration.ofMillis(1100);
        }
    }

    String name();

    /** Returns the pause between two single changes. */
    Duration between();

    /** Returns the command line of the proxy. Both proxies accept the same flags, and Fairlead has some more. */
    default List<String> words(Tools tools, Path kubeconfig) {
        List<String> words = new ArrayList<>();
        switch (this) {
            case Fairlead(var _, List<String> program) -> {
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
