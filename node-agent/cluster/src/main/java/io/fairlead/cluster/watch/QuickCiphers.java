package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * A client that offers all the ciphers that Java offers, ChaCha20 before AES. The agent's JVM compiles with C1 alone, for its
 * memory, and C1 knows no instructions for AES-GCM: it deciphers some 20 MB a second, and 70 to 100 of ChaCha20-Poly1305 (JDK 25,
 * the machine of docs/performance.md). A list of 10,000 Services and their slices is some 30 MB. Go's servers follow the client
 * when it prefers ChaCha20.
 */
final class QuickCiphers extends JdkHttpClientFactory {

    @Override
    protected void additionalConfig(HttpClient.Builder builder) {
        builder.sslParameters(parameters());
    }

    private static SSLParameters parameters() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Without trust managers, or all the certificates that Java comes with would be read for it.
            context.init(new KeyManager[0], new TrustManager[0], null);
            SSLParameters parameters = context.getDefaultSSLParameters();
            parameters.setCipherSuites(chaChaFirst(parameters.getCipherSuites()));
            return parameters;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    static String[] chaChaFirst(String... suites) {
        List<String> sorted = new ArrayList<>(List.of(suites));
        sorted.sort((one, other) -> Boolean.compare(isChaCha(other), isChaCha(one)));
        return sorted.toArray(String[]::new);
    }

    private static boolean isChaCha(String suite) {
        return suite.contains("CHACHA20");
    }
}
