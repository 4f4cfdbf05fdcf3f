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
 * The TLS context for new connections. It is created again when the client certificate, its key or the authorities have
 * changed. A new context also forgets the sessions of the old one: a server that resumes a session uses the client
 * certificate of its beginning. Open connections are closed, as by client-go 0.37.
 *
 * <p>Files are read again for each new connection and by {@link #poll}. If a file cannot be used, the old context stays
 * in use. The same holds for a key that does not belong to the certificate, because only one of the two files has been
 * replaced yet. Thread-safe.
 */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    /** Several connections at the same moment share one reading. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration POLL = Duration.ofSeconds(20);

    /** The texts of the files; "" for a file that is not configured. */
    private record Texts(String authorities, String certificate, String key) {}

    /** Everything from which a context is created. */
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
     * @throws IOException if one of them cannot be used
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

    /** Returns the current context. */
    SSLContext current() {
        return state.context();
    }

    /** Reads the files again, before a connection is opened. */
    void refresh() {
        rereadAfter(FRESH);
    }

    /** Reads the files again if the last reading is old. The caller calls this every few seconds. */
    void poll() {
        rereadAfter(POLL);
    }

    /**
     * Reads the files again now.
     *
     * @return whether something has changed
     */
    boolean reread() {
        return rereadAfter(Duration.ZERO);
    }

    /** Uses the certificate of a login program from now on, if the kubeconfig names none. */
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
