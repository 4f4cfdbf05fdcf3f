package io.fairlead.cluster.access;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The address of an API server, and the credentials that this program uses there.
 *
 * @param server the address with its scheme: http or https
 * @param serverName the name that the server's certificate must have; "" for the host of the address
 * @param certificate the client certificate, if there is one
 * @param impersonation the user that requests name instead of the sender, if they name one
 * @param proxy the proxy of the connection: http, https or socks5; empty for a direct connection
 * @param warnings the fields that the files contain and that are ignored, by name
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

    /** A client certificate with its chain, and its key. One text may contain both. */
    public record ClientCertificate(PemSource certificate, PemSource key) {}

    /** Copies the warnings. */
    public Access {
        warnings = List.copyOf(warnings);
    }

    /** Returns whether the connection uses TLS. Without TLS no credentials are sent. */
    public boolean secure() {
        return server.getScheme().equals("https");
    }
}
