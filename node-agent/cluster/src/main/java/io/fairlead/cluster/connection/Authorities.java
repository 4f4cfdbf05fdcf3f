package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.PemSource;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates trust managers from the certificates of authorities. A certificate that cannot be parsed is skipped, as in
 * Go.
 */
final class Authorities {
    private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);
    /**
     * The files in which Linux distributions keep the certificates of trusted authorities. The first readable file is
     * used, as in Go 1.26.
     */
    private static final List<String> SYSTEM_FILES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/pki/tls/cacert.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private Authorities() {}

    /** Returns a trust manager that accepts every certificate. */
    static TrustManager unchecked() {
        return new Unchecked();
    }

    /**
     * Returns the PEM text of the authorities that the operating system trusts. It is in the file that the environment
     * variable SSL_CERT_FILE names, or in the first readable file of {@link #SYSTEM_FILES}. Returns "" if there is no
     * such file; the caller then uses the authorities of the JDK.
     *
     * @throws IOException if the file cannot be read
     */
    static String ofSystem(Map<String, String> environment) throws IOException {
        String named = environment.getOrDefault("SSL_CERT_FILE", "");
        if (!named.isEmpty()) {
            return new PemSource.InFile("SSL_CERT_FILE", Path.of(named)).read();
        }
        for (String file : SYSTEM_FILES) {
            if (Files.isReadable(Path.of(file))) {
                return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    /** Returns a trust manager that accepts certificates that an authority of the JDK has signed. */
    static TrustManager ofJava() throws CredentialException {
        return managers(null, "Java");
    }

    /**
     * Returns a trust manager that accepts certificates that one of the given authorities has signed. An empty text is
     * an error: it never means the authorities of the operating system.
     *
     * @param name the source of the text, for messages
     * @throws CredentialException if the text has no certificate that can be used
     */
    static TrustManager of(String pem, String name) throws CredentialException {
        try {
            return managers(store(pem, name), name);
        } catch (GeneralSecurityException e) {
            throw unusable(name, e);
        }
    }

    private static TrustManager managers(@Nullable KeyStore store, String name) throws CredentialException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw unusable(name, e);
        }
    }

    private static CredentialException unusable(String name, Exception cause) {
        return new CredentialException("cannot use the certificates of " + name + ": " + cause, cause);
    }

    private static KeyStore store(String pem, String name) throws GeneralSecurityException, CredentialException {
        KeyStore store = emptyStore(name);
        CredentialException unreadable = null;
        for (PemBlock block : PemBlock.read(pem)) {
            if (block.label().equals("CERTIFICATE")) {
                try {
                    store.setCertificateEntry(Integer.toString(store.size()), ClientIdentity.certificate(block, name));
                } catch (CredentialException e) {
                    unreadable = e;
                    LOG.warn("{}; skipping it", e.getMessage());
                }
            }
        }
        if (store.size() == 0) {
            throw unreadable != null
                    ? unreadable
                    : new CredentialException(name + " has no PEM block CERTIFICATE", null);
        }
        return store;
    }

    private static KeyStore emptyStore(String name) throws GeneralSecurityException, CredentialException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw unusable(name, e);
        }
    }

    /**
     * The trust manager for {@code insecure-skip-tls-verify}. It extends X509ExtendedTrustManager, because for other
     * trust managers the JDK checks the server's name itself.
     */
    private static final class Unchecked extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
