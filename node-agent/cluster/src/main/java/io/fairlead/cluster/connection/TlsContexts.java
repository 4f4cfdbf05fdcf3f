package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.Access.ClientCertificate;
import io.fairlead.cluster.access.PemSource;
import io.fairlead.cluster.access.Trust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides the TLS context for new connections. A new context is created when the client certificate, its key or the
 * authorities have changed. A new context has no sessions of the old context. This is necessary because a server that
 * resumes a session continues to use the client certificate with which the session began. When the context changes,
 * open connections are closed, as in client-go 0.37.
 *
 * <p>The files are read again for each new connection and by {@link #poll}. If a file cannot be used, the old context
 * stays in use. The same holds while the key does not belong to the certificate, which happens if only one of the two
 * files was replaced yet. Thread-safe.
 */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    /**
     * The time for which files are not read again for new connections, so that several connections at the same moment
     * cause one read.
     */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration POLL = Duration.ofSeconds(20);

    /** The PEM texts of the authorities, the client certificate and its key; "" for a text that is not configured. */
    private record Texts(String authorities, String certificate, String key) {}

    /** A TLS context, the values from which it was created, and the time at which the files were last read. */
    private record State(
            Texts texts, @Nullable ClientIdentity identity, TrustManager trusted, SSLContext context, Instant read) {}

    private final Access access;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final OpenSockets sockets;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;
    private String failure = "";

    /**
     * Reads the files for the first time.
     *
     * @throws IOException if a file cannot be used
     */
    TlsContexts(Access access, Map<String, String> environment, InstantSource clock, OpenSockets sockets)
            throws IOException {
        this.access = access;
        this.environment = environment;
        this.clock = clock;
        this.sockets = sockets;
        Texts texts = texts();
        this.state = state(texts, identity(texts), trusted(texts));
    }

    /** Returns the current TLS context. */
    SSLContext current() {
        return state.context();
    }

    /** Reads the files again if they were last read at least 1 s ago. It is called before a connection is opened. */
    void refresh() {
        rereadAfter(FRESH);
    }

    /**
     * Reads the files again if they were last read at least 20 s ago. The caller calls this method every few seconds.
     */
    void poll() {
        rereadAfter(POLL);
    }

    /**
     * Reads the files again now.
     *
     * @return whether a file has changed and a new context is used
     */
    boolean reread() {
        return rereadAfter(Duration.ZERO);
    }

    /** Uses the client certificate of a login program from now on, if the kubeconfig has no client certificate. */
    void show(@Nullable ClientIdentity identity) {
        if (access.certificate().isPresent() || Objects.equals(state.identity(), identity)) {
            return;
        }
        lock.lock();
        try {
            State old = state;
            if (!Objects.equals(old.identity(), identity)) {
                boolean first = old.identity() == null;
                state = state(old.texts(), identity, old.trusted());
                if (!first) {
                    LOG.info("certificate of the login program changed; reopening connections");
                }
                sockets.closeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean rereadAfter(Duration age) {
        if (clock.instant().isBefore(state.read().plus(age))) {
            return false;
        }
        lock.lock();
        try {
            return !clock.instant().isBefore(state.read().plus(age)) && compare(state);
        } finally {
            lock.unlock();
        }
    }

    private boolean compare(State old) {
        try {
            Texts texts = texts();
            if (texts.equals(old.texts())) {
                state = new State(texts, old.identity(), old.trusted(), old.context(), clock.instant());
                failure = "";
                return false;
            }
            ClientIdentity identity = access.certificate().isPresent() ? identity(texts) : old.identity();
            boolean sameAuthorities = texts.authorities().equals(old.texts().authorities());
            state = state(texts, identity, sameAuthorities ? old.trusted() : trusted(texts));
            failure = "";
            if (!sameAuthorities) {
                LOG.info("{} changed; reopening connections", authoritiesName());
            }
            if (identity != null && !identity.equals(old.identity())) {
                LOG.info("client certificate changed ({}); reopening connections", identity.text());
            }
            sockets.closeAll();
            return true;
        } catch (IOException e) {
            state = new State(old.texts(), old.identity(), old.trusted(), old.context(), clock.instant());
            if (!failure.equals(e.getMessage())) {
                failure = String.valueOf(e.getMessage());
                LOG.warn("{}; keeping what was read before", failure);
            }
            return false;
        }
    }

    private State state(Texts texts, @Nullable ClientIdentity identity, TrustManager trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = identity == null ? new KeyManager[0] : new KeyManager[] {new IdentityKeys(identity)};
            context.init(keys, new TrustManager[] {trusted}, null);
            return new State(texts, identity, trusted, context, clock.instant());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private Texts texts() throws IOException {
        String authorities = switch (access.trust()) {
            case Trust.OfSystem _ -> Authorities.ofSystem(environment);
            case Trust.Authorities(PemSource pem) -> read(pem);
            case Trust.Unchecked _ -> "";
        };
        if (access.certificate().isEmpty()) {
            return new Texts(authorities, "", "");
        }
        ClientCertificate sources = access.certificate().get();
        return new Texts(authorities, read(sources.certificate()), read(sources.key()));
    }

    private static String read(PemSource source) throws CredentialException {
        try {
            return source.read();
        } catch (IOException e) {
            throw new CredentialException("cannot read " + source.name() + ": " + e, e);
        }
    }

    private @Nullable ClientIdentity identity(Texts texts) throws CredentialException {
        if (access.certificate().isEmpty()) {
            return null;
        }
        ClientCertificate sources = access.certificate().get();
        return ClientIdentity.read(
                texts.certificate(),
                sources.certificate().name(),
                texts.key(),
                sources.key().name());
    }

    private TrustManager trusted(Texts texts) throws CredentialException {
        return switch (access.trust()) {
            case Trust.Unchecked _ -> Authorities.unchecked();
            case Trust.Authorities _ -> Authorities.of(texts.authorities(), authoritiesName());
            case Trust.OfSystem _ ->
                texts.authorities().isEmpty()
                        ? Authorities.ofJava()
                        : Authorities.of(texts.authorities(), authoritiesName());
        };
    }

    private String authoritiesName() {
        return access.trust() instanceof Trust.Authorities(PemSource pem)
                ? pem.name()
                : "the system's certificate authorities";
    }
}
