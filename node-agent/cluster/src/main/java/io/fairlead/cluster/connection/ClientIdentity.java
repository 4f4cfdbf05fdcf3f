package io.fairlead.cluster.connection;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A client certificate with its chain, and the private key, as Go's {@code tls.X509KeyPair} reads them. The chain
 * consists of all CERTIFICATE blocks in the PEM text of the certificate. The key is the first block in the PEM text of
 * the key whose label ends in PRIVATE KEY. All other blocks are skipped. Therefore both may be in the same text.
 *
 * <p>The JDK's KeyFactory reads RSA, ECDSA (P-256, P-384, P-521) and Ed25519 keys in the format PKCS#8. The formats
 * PKCS#1 and SEC 1 lack the header of PKCS#8. This class adds the header. The library Bouncy Castle also reads these
 * formats, but would add 9 MB.
 */
record ClientIdentity(List<X509Certificate> chain, PrivateKey key) {

    ClientIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the certificate and the key, and checks that they belong together.
     *
     * @param certificateName the source of the certificate, for messages
     * @param keyName the source of the key, for messages
     * @throws CredentialException if the certificate or the key cannot be used
     */
    static ClientIdentity read(String certificatePem, String certificateName, String keyPem, String keyName)
            throws CredentialException {
        List<X509Certificate> chain = chain(certificatePem, certificateName);
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey key = key(keyBlock(keyPem, keyName), publicKey, keyName);
        if (!belongTogether(key, publicKey)) {
            throw new CredentialException(keyName + " is not the key for the certificate in " + certificateName, null);
        }
        return new ClientIdentity(chain, key);
    }

    /** Returns the subject, serial number and expiry of the certificate, for messages. */
    String text() {
        X509Certificate certificate = chain.getFirst();
        return certificate.getSubjectX500Principal().getName() + ", serial number "
                + certificate.getSerialNumber().toString(16) + ", valid until "
                + certificate.getNotAfter().toInstant();
    }

    private static List<X509Certificate> chain(String pem, String name) throws CredentialException {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemBlock block : PemBlock.read(pem)) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add(certificate(block, name));
            }
        }
        if (chain.isEmpty()) {
            throw new CredentialException(name + " has no PEM block CERTIFICATE", null);
        }
        return chain;
    }

    static X509Certificate certificate(PemBlock block, String name) throws CredentialException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException e) {
            throw new CredentialException(name + " has a certificate that cannot be read: " + e.getMessage(), e);
        }
    }

    private static PemBlock keyBlock(String pem, String name) throws CredentialException {
        PemBlock block = PemBlock.read(pem).stream()
                .filter(found ->
                        found.label().equals("PRIVATE KEY") || found.label().endsWith(" PRIVATE KEY"))
                .findFirst()
                .orElseThrow(() -> new CredentialException(name + " has no PEM block PRIVATE KEY", null));
        if (block.encrypted() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
            throw new CredentialException(name + " is encrypted; allowed are keys without a passphrase", null);
        }
        return block;
    }

    private static PrivateKey key(PemBlock block, PublicKey publicKey, String name) throws CredentialException {
        try {
            KeyFactory factory = KeyFactory.getInstance(publicKey.getAlgorithm());
            try {
                return factory.generatePrivate(new PKCS8EncodedKeySpec(block.content()));
            } catch (InvalidKeySpecException _) {
                return factory.generatePrivate(new PKCS8EncodedKeySpec(asPkcs8(block.content(), publicKey)));
            }
        } catch (GeneralSecurityException e) {
            throw new CredentialException(
                    name + " (" + block.label() + ") is not a key for the certificate, whose key is of type "
                            + publicKey.getAlgorithm(),
                    e);
        }
    }

    /**
     * Converts a key from PKCS#1 or SEC 1 to PKCS#8. PKCS#8 consists of a version, an algorithm and the key in PKCS#1
     * or SEC 1. For an EC key, the algorithm includes the name of the curve. The algorithm is copied from the
     * certificate, where it is the first element of the public key.
     */
    private static byte[] asPkcs8(byte[] key, PublicKey publicKey) throws InvalidKeySpecException {
        byte[] algorithm = Der.first(Der.content(publicKey.getEncoded()));
        return Der.sequence(Der.INTEGER_0, algorithm, Der.octets(key));
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
