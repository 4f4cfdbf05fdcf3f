package io.fairlead.cluster.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** A certificate and its private key. The methods return them in the formats that files may have. */
record Issued(KeyKind kind, X509Certificate certificate, PrivateKey key) {

    String certificatePem() {
        return pem("CERTIFICATE", TestAuthority.encoded(certificate));
    }

    /** Returns the key in the format PKCS#8, with the PEM label "PRIVATE KEY". */
    String pkcs8() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /**
     * Returns the key in the format PKCS#1 ("RSA PRIVATE KEY"), or for an EC key in SEC 1 with curve and public key
     * ("EC PRIVATE KEY"), as OpenSSL writes it.
     */
    String traditional() {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
            if (!kind.isElliptic()) {
                return pem(
                        "RSA PRIVATE KEY",
                        info.parsePrivateKey().toASN1Primitive().getEncoded());
            }
            ECPrivateKey inner = ECPrivateKey.getInstance(info.parsePrivateKey());
            ASN1BitString point = SubjectPublicKeyInfo.getInstance(
                            certificate.getPublicKey().getEncoded())
                    .getPublicKeyData();
            ECPrivateKey whole = new ECPrivateKey(
                    ((ECKey) key).getParams().getOrder().bitLength(),
                    inner.getKey(),
                    point,
                    info.getPrivateKeyAlgorithm().getParameters());
            return pem("EC PRIVATE KEY", whole.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the PEM block with the curve of an EC key, which {@code openssl ecparam -genkey} writes before the key.
     */
    String parameters() {
        try {
            return pem(
                    "EC PARAMETERS",
                    PrivateKeyInfo.getInstance(key.getEncoded())
                            .getPrivateKeyAlgorithm()
                            .getParameters()
                            .toASN1Primitive()
                            .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String pem(String label, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /**
     * Returns the TLS context of a server that has this certificate.
     *
     * @param clients the authority whose client certificates the server accepts
     */
    SSLContext server(TestAuthority clients) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("server", key, new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("clients", clients.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
