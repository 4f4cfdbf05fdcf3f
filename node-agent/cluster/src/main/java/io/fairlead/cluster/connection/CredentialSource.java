package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Login;
import java.time.InstantSource;

/** The source of the credential for each request. Implementations are thread-safe. */
sealed interface CredentialSource permits FixedCredential, TokenFile, LoginProgram {

    /**
     * Returns the current credential.
     *
     * @throws CredentialException if no credential is available
     */
    Credential current() throws CredentialException;

    /**
     * Reads the credential again after the server has answered with the HTTP status 401.
     *
     * @param refused the credential that the server did not accept
     * @return whether the new credential differs from the refused credential
     * @throws CredentialException if the credential cannot be read
     */
    boolean renew(Credential refused) throws CredentialException;

    /**
     * Creates the source for a login. A token file is read. A login program is not run yet.
     *
     * @throws CredentialException if the token cannot be read, or has characters that a token cannot contain
     */
    static CredentialSource of(Login login, InstantSource clock) throws CredentialException {
        return switch (login) {
            case Login.None _ -> new FixedCredential(Credential.NONE);
            case Login.Token(String token) -> new FixedCredential(Credential.bearer(token.strip(), "the token", null));
            case Login.Password(String name, String password) ->
                new FixedCredential(Credential.password(name, password));
            case Login.TokenFile file -> new TokenFile(file.path(), file.fallback());
            case Login.Plugin plugin -> new LoginProgram(plugin, clock);
        };
    }
}
