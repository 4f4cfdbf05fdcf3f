package io.fairlead.cluster.connection;

import java.nio.charset.StandardCharsets;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * The credential that identifies the sender of a request.
 *
 * @param authorization the value of the header Authorization; "" for none
 * @param identity the client certificate of a login program; null for none
 */
record Credential(String authorization, @Nullable ClientIdentity identity) {
    static final Credential NONE = new Credential("", null);

    /**
     * Returns the credential for a bearer token. If the token is "", the credential has no header.
     *
     * @param name the source of the token, for messages
     * @throws CredentialException if the token has characters that a header cannot contain
     */
    static Credential bearer(String token, String name, @Nullable ClientIdentity identity) throws CredentialException {
        if (token.chars().anyMatch(character -> character <= ' ' || character > '~')) {
            throw new CredentialException(
                    name + " has blanks, line ends or characters outside ASCII, which a token cannot contain", null);
        }
        return new Credential(token.isEmpty() ? "" : "Bearer " + token, identity);
    }

    static Credential password(String name, String password) {
        return new Credential(Credentials.basic(name, password, StandardCharsets.UTF_8), null);
    }
}
