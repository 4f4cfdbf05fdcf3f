package io.fairlead.cluster.access;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The way to an API server and who this program is there.
 *
 * @param server address with scheme; http or https
 * @param serverName the name that the server's certificate must have; "" for the host of the address
 * @param certificate the client certificate to show, if there is one
 * @param impersonation the user in whose name requests are sent, if it is another one
 * @param proxy what the connection goes through: http, https or socks5; empty for a direct connection
 * @param warnings what the files say and what is not heeded, by name
 */
public record Access(
        URI server,
        String serverName,
        Trust trust,
        Login login,
        Optional<ClientCertificate> certificate,
        Optional<Impersonation> impersonation,
        Optional<URI> proxy,
        List<String> warnings) {

    /** A client certificate with its chain, and its key; both may be in the same text. */
    public record ClientCertificate(PemSource certificate, PemSource key) {}

    /** Copies the warnings. */
    public Access {
        warnings = List.copyOf(warnings);
    }

    /** Whether the connection is by TLS. Without it no credentials are sent. */
    public boolean secure() {
        return server.getScheme().equals("https");
    }
}
