package io.fairlead.cluster.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bearer token in a file that another program renews (the kubelet renews it at least once an hour). The file is read
 * for each request, which is cheap because an agent sends only a few requests an hour. While the file cannot be read,
 * the last token is used.
 */
final class TokenFile implements CredentialSource {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private final Path file;
    private volatile Credential last;
    private volatile String failure = "";

    /**
     * Creates the source of the token, and reads the file for the first time.
     *
     * @param fallback the token that is used until the file can be read; "" for none
     * @throws CredentialException if the file has no usable token and there is no fallback, or if the fallback has
     *     characters that a token cannot contain
     */
    TokenFile(Path file, String fallback) throws CredentialException {
        this.file = file;
        this.last = Credential.bearer(fallback.strip(), "the token", null);
        try {
            last = read();
        } catch (CredentialException e) {
            if (fallback.isEmpty()) {
                throw e;
            }
            report(e);
        }
    }

    @Override
    public Credential current() {
        try {
            last = read();
            failure = "";
        } catch (CredentialException e) {
            report(e);
        }
        return last;
    }

    @Override
    public boolean renew(Credential refused) {
        return !current().equals(refused);
    }

    private void report(CredentialException e) {
        if (!failure.equals(e.getMessage())) {
            failure = String.valueOf(e.getMessage());
            LOG.warn("{}; using the last token", failure);
        }
    }

    private Credential read() throws CredentialException {
        String token;
        try {
            token = Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new CredentialException("cannot read the token file " + file + ": " + e, e);
        }
        if (token.isEmpty()) {
            throw new CredentialException("the token file " + file + " is empty", null);
        }
        return Credential.bearer(token, "the token file " + file, null);
    }
}
