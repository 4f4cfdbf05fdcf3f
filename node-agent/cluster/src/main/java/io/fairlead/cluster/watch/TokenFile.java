package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bearer token in a file that somebody else renews (the kubelet does, before an hour is over). It is read for each request:
 * an agent makes a handful in an hour. If the file cannot be read, the last token goes on being used. Thread-safe.
 *
 * <p>fabric8 8.0.0 passes over {@code tokenFile} of a kubeconfig, which is what kubeadm gives kube-proxy.
 */
final class TokenFile implements OAuthTokenProvider {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private final Path file;
    private volatile String token;

    /**
     * Reads it a first time.
     *
     * @throws IOException if that fails
     */
    TokenFile(Path file) throws IOException {
        this.file = file;
        this.token = read(file);
    }

    @Override
    public String getToken() {
        try {
            String now = read(file);
            if (!now.isEmpty()) {
                token = now;
            }
        } catch (IOException e) {
            LOG.warn("cannot read the token in {}, the last one is used: {}", file, e.toString());
        }
        return token;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }
}
