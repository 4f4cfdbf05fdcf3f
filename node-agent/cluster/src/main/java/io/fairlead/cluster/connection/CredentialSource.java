package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Login;
import java.time.InstantSource;

/** The source of the credential of each request. Thread-safe. */
sealed interface CredentialSource permits FixedCredential, TokenFile, LoginProgram {

    /**
     * Returns the current credential.
     *
     * @throws CredentialException if there is none
     */
    Credential current() throws CredentialException;

    /**
     * Reads the credential again after the server has answered 401.
     *
     * @param refused the credential that the server did not accept
     * @return whether there is now a different credential
     * @throws CredentialException if it cannot be read
     */
    boolean renew(Credential refused) throws CredentialException;

    /**
     * Returns the source for a login. It reads a token but does not run a program yet.
     *
     * @throws CredentialException if the token cannot be read
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
