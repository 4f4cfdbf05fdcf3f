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
 * A trust manager from the certificates of authorities, as Go reads them: certificates that cannot be read are left
 * out.
 */
final class Authorities {
    private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);
    /**
     * Where distributions keep the authorities that the system trusts; the first that is there counts, as in Go 1.26.
     */
    private static final List<String> SYSTEM_FILES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/pki/tls/cacert.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private Authorities() {}

    /** What trusts any server. */
    static TrustManager unchecked() {
        return new Unchecked();
    }

    /**
     * The PEM text of the system's authorities; "" if the system has none, and those that Java comes with are to be
     * used.
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

    /** What trusts servers whose certificates the authorities have signed that Java comes with. */
    static TrustManager ofJava() throws CredentialException {
        return managers(null, "Java");
    }

    /**
     * What trusts servers whose certificates these authorities have signed. An empty text trusts none: it never stands
     * for the system's authorities.
     *
     * @param name where the text comes from, for messages
     * @throws CredentialException if there is no certificate
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
                    LOG.warn("{}: it is left out", e.getMessage());
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
     * For {@code insecure-skip-tls-verify}. Being an extended trust manager, it also keeps the JDK from comparing
     * names.
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
