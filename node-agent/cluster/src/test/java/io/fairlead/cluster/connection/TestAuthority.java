package io.fairlead.cluster.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority in memory. */
final class TestAuthority {
    private final X500Principal name;
    private final KeyPair keys = KeyKind.P256.generate();
    private final X509Certificate certificate;

    private TestAuthority(String name) {
        this.name = new X500Principal("CN=" + name);
        this.certificate = sign(this.name, keys, 1, true);
    }

    static TestAuthority make(String name) {
        return new TestAuthority(name);
    }

    /** Returns the certificate of the authority as PEM text. */
    String pem() {
        return Issued.pem("CERTIFICATE", encoded(certificate));
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Returns a new certificate for a server with these host names or addresses. */
    Issued server(String... names) {
        KeyPair pair = KeyKind.P256.generate();
        return new Issued(KeyKind.P256, sign(new X500Principal("CN=server"), pair, 2, false, names), pair.getPrivate());
    }

    /** Returns a new certificate for a client. */
    Issued client(KeyKind kind, String name, int serialNumber) {
        KeyPair pair = kind.generate();
        return new Issued(kind, sign(new X500Principal("CN=" + name), pair, serialNumber, false), pair.getPrivate());
    }

    private X509Certificate sign(
            X500Principal subject, KeyPair pair, int serialNumber, boolean authority, String... names) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serialNumber),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(Arrays.stream(names)
                                .map(TestAuthority::generalName)
                                .toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder(KeyKind.P256.signature()).build(keys.getPrivate())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralName generalName(String name) {
        boolean address = name.matches("[0-9.]+") || name.contains(":");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
