package io.fairlead.cluster.connection;

import java.util.ArrayList;
import java.util.List;

/**
 * Sorts the cipher suites of the JDK: ChaCha20 before AES. To save memory, the agent's JVM uses only the compiler C1,
 * which does not use the AES-GCM instructions of the CPU. It decrypts about 20 MB/s with AES-GCM, but 70 to 100 MB/s
 * with ChaCha20-Poly1305 (JDK 25, the machine of docs/performance.md). A list of 10,000 Services and their slices has
 * about 30 MB. Servers that are written in Go follow the client's preference for ChaCha20.
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
