package io.fairlead.cluster.connection;

/** A credential that does not change while the program runs. */
record FixedCredential(Credential current) implements CredentialSource {
    @Override
    public boolean renew(Credential refused) {
        return false;
    }
}
