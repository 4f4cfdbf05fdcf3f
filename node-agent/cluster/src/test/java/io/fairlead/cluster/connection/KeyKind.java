package io.fairlead.cluster.connection;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** The kinds of keys that the tests use for client certificates. */
enum KeyKind {
    RSA("SHA256withRSA"),
    P256("SHA256withECDSA"),
    P384("SHA384withECDSA"),
    P521("SHA512withECDSA"),
    ED25519("Ed25519");

    private final String signature;

    KeyKind(String signature) {
        this.signature = signature;
    }

    /** Returns the name of the algorithm for signatures with a key of this kind. */
    String signature() {
        return signature;
    }

    boolean isElliptic() {
        return this == P256 || this == P384 || this == P521;
    }

    KeyPair generate() {
        try {
            return switch (this) {
                case RSA -> generator("RSA").generateKeyPair();
                case P256 -> elliptic("secp256r1");
                case P384 -> elliptic("secp384r1");
                case P521 -> elliptic("secp521r1");
                case ED25519 -> generator("Ed25519").generateKeyPair();
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPairGenerator generator(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm);
    }

    private static KeyPair elliptic(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = generator("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }
}
