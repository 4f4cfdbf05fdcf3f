package io.fairlead.cluster.connection;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of ciphers: all that Java offers, ChaCha20 before AES. The agent's JVM compiles with C1 alone, for its
 * memory, and C1 knows no instructions for AES-GCM: it deciphers some 20 MB a second, and 70 to 100 of
 * ChaCha20-Poly1305 (JDK 25, the machine of docs/performance.md). A list of 10,000 Services and their slices is some 30
 * MB. Go's servers follow the client when it prefers ChaCha20.
 */
final class Ciphers {
    private Ciphers() {}

    static String[] chaChaFirst(String... suites) {
        List<String> sorted = new ArrayList<>(List.of(suites));
        sorted.sort((one, other) -> Boolean.compare(isChaCha(other), isChaCha(one)));
        return sorted.toArray(String[]::new);
    }

    private static boolean isChaCha(String suite) {
        return suite.contains("CHACHA20");
    }
}
