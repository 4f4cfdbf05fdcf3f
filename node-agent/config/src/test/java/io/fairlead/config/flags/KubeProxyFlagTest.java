package io.fairlead.config.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that the names, types and defaults of the flags are the same as in the help of kube-proxy 1.37.2. */
final class KubeProxyFlagTest {
    /** The flags that all commands have. */
    private static final Set<String> EVERYWHERE = Set.of("help", "version");

    private static List<String> kubeProxys() throws IOException {
        try (InputStream in = KubeProxyFlagTest.class.getResourceAsStream("kube-proxy-flags.tsv")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .filter(line -> !EVERYWHERE.contains(line.split("\t", 2)[0]))
                    .toList();
        }
    }

    @Test
    void areThoseOfKubeProxyWithItsTypesAndDefaults() throws IOException {
        List<String> ours = new ArrayList<>();
        for (KubeProxyFlag flag : KubeProxyFlag.values()) {
            if (!flag.isDeprecated()) {
                String type = switch (flag) {
                    case PROXY_MODE -> "ProxyMode";
                    case DETECT_LOCAL_MODE -> "LocalMode";
                    default -> flag.type().text();
                };
                // kube-proxy's help shows no default for the verbosity.
                ours.add(flag.flag() + "\t" + type + "\t" + (flag == KubeProxyFlag.V ? "" : flag.defaultText()));
            }
        }
        assertThat(ours).containsExactlyInAnyOrderElementsOf(kubeProxys());
    }

    @Test
    void thoseThatSetNoFieldAreTheOnesThatSayWhatToDo() {
        assertThat(Arrays.stream(KubeProxyFlag.values())
                        .filter(flag -> flag.field().isEmpty())
                        .map(KubeProxyFlag::flag))
                .containsExactlyInAnyOrder("cleanup", "config", "init-only", "master", "write-config-to");
    }

    /** Tests statement CFG-12 of docs/behaviour.md. */
    @Test
    void theFewThatCountBesideAFile() {
        assertThat(Arrays.stream(KubeProxyFlag.values())
                        .filter(KubeProxyFlag::countsBesideConfig)
                        .map(KubeProxyFlag::flag))
                .containsExactlyInAnyOrder(
                        "cleanup",
                        "config",
                        "hostname-override",
                        "init-only",
                        "log-flush-frequency",
                        "log-json-info-buffer-size",
                        "log-json-split-stream",
                        "log-text-info-buffer-size",
                        "log-text-split-stream",
                        "logging-format",
                        "master",
                        "v",
                        "vmodule",
                        "write-config-to");
    }
}
