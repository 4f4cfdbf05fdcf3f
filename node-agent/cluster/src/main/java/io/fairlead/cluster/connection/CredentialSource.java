package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Login;
import java.time.InstantSource;

/** Where the credential of each request comes from. Thread-safe. */
sealed interface CredentialSource permits FixedCredential, TokenFile, LoginProgram {

    /**
     * The credential to use now.
     *
     * @throws CredentialException if there is none
     */
    Credential current() throws CredentialException;

    /**
     * Reads the credential again after the server has answered 401.
     *
     * @param refused what the server did not accept
     * @return whether there is another one now
     * @throws CredentialException if it cannot be read
     */
    boolean renew(Credential refused) throws CredentialException;

    /**
     * The source for a login.
     *
     * @throws CredentialException if a token cannot be read; a program is not run yet
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
