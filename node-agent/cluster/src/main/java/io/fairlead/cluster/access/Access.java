package io.fairlead.cluster.access;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The address of an API server, and the credentials that Fairlead sends to it.
 *
 * @param server the address with its scheme: http or https
 * @param serverName the name that the server's certificate must have; "" if it must have the host name of the address
 * @param certificate the client certificate; empty if the client has none
 * @param impersonation the user in whose name requests are sent; empty if requests are sent in the name of the
 *     logged-in user
 * @param proxy the URL of the proxy, with the scheme http, https or socks5; empty for a direct connection
 * @param warnings one message for each setting that is ignored
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

    /** A client certificate with its chain, and the private key. Both may be in the same text. */
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
