package io.fairlead.cluster.connection;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of ciphers: all that the JDK offers, ChaCha20 before AES. The agent's JVM compiles with C1 alone, to save
 * memory, and C1 has no instructions for AES-GCM. It decrypts about 20 MB of AES a second, and 70 to 100 MB of
 * ChaCha20-Poly1305 (JDK 25, the machine of docs/performance.md). A list of 10,000 Services and their slices has about
 * 30 MB. Go's servers follow the client's preference for ChaCha20.
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
