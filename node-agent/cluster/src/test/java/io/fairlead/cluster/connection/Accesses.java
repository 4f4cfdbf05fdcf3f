package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.Access.ClientCertificate;
import io.fairlead.cluster.access.Impersonation;
import io.fairlead.cluster.access.Login;
import io.fairlead.cluster.access.PemSource;
import io.fairlead.cluster.access.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A builder of {@link Access} values for tests. */
record Accesses(
        URI server,
        String serverName,
        Trust trust,
        Login login,
        Optional<ClientCertificate> certificate,
        Optional<Impersonation> impersonation,
        Optional<URI> proxy) {

    static Accesses to(int port) {
        return to("https://127.0.0.1:" + port);
    }

    static Accesses to(String address) {
        return new Accesses(
                URI.create(address),
                "",
                new Trust.OfSystem(),
                new Login.None(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Accesses trusting(TestAuthority authority) {
        return trusting(new Trust.Authorities(new PemSource.InText("authority", authority.pem())));
    }

    Accesses trusting(Trust other) {
        return new Accesses(server, serverName, other, login, certificate, impersonation, proxy);
    }

    Accesses named(String name) {
        return new Accesses(server, name, trust, login, certificate, impersonation, proxy);
    }

    Accesses showing(String certificatePem, String keyPem) {
        return showing(new PemSource.InText("certificate", certificatePem), new PemSource.InText("key", keyPem));
    }

    Accesses showing(Path certificateFile, Path keyFile) {
        return showing(
                new PemSource.InFile("client-certificate", certificateFile),
                new PemSource.InFile("client-key", keyFile));
    }

    private Accesses showing(PemSource chain, PemSource key) {
        return new Accesses(
                server, serverName, trust, login, Optional.of(new ClientCertificate(chain, key)), impersonation, proxy);
    }

    Accesses by(Login other) {
        return new Accesses(server, serverName, trust, other, certificate, impersonation, proxy);
    }

    Accesses as(Impersonation other) {
        return new Accesses(server, serverName, trust, login, certificate, Optional.of(other), proxy);
    }

    Accesses through(String proxyUrl) {
        return new Accesses(
                server, serverName, trust, login, certificate, impersonation, Optional.of(URI.create(proxyUrl)));
    }

    Access build() {
        return new Access(server, serverName, trust, login, certificate, impersonation, proxy, List.of());
    }
}
