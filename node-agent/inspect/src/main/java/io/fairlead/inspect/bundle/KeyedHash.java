package io.fairlead.inspect.bundle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes of texts that only the holder of a key can compute. */
final class KeyedHash {
    private final byte[] key;

    KeyedHash(byte[] key) {
        this.key = key.clone();
    }

    /** Returns the 32 bytes of a text. */
    byte[] of(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
