package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Login;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A login program (the field {@code exec} of a kubeconfig) that prints credentials. As in client-go 0.37, the program
 * is run before the first request, when its credentials have expired, and when the server has refused them.
 */
final class LoginProgram implements CredentialSource {
    private static final Logger LOG = LoggerFactory.getLogger(LoginProgram.class);
    /**
     * The longest time to wait for the end of the program and of its output. client-go waits without a limit. In
     * Fairlead a program that hangs must not block all requests forever.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The output of the program. The credential never expires if {@code expiry} is null. */
    private record Printed(Credential credential, @Nullable Instant expiry) {}

    private final Login.Plugin plugin;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Printed last;

    LoginProgram(Login.Plugin plugin, InstantSource clock) {
        this(plugin, clock, System::nanoTime);
    }

    /**
     * Creates a source whose limit for the program is measured with another clock.
     *
     * @param nanoTime a clock in nanoseconds that never goes back
     */
    LoginProgram(Login.Plugin plugin, InstantSource clock, LongSupplier nanoTime) {
        this.plugin = plugin;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public Credential current() throws CredentialException {
        lock.lock();
        try {
            Printed known = last;
            if (known == null || (known.expiry() != null && clock.instant().isAfter(known.expiry()))) {
                known = run();
                last = known;
            }
            return known.credential();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean renew(Credential refused) throws CredentialException {
        lock.lock();
        try {
            if (last == null || last.credential().equals(refused)) {
                last = run();
            }
            return !last.credential().equals(refused);
        } finally {
            lock.unlock();
        }
    }

    private Printed run() throws CredentialException {
        String output = output();
        try {
            return read(JsonMapper.shared().readTree(output));
        } catch (JacksonException e) {
            throw failed("did not print JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Printed read(JsonNode printed) throws CredentialException {
        String version = printed.path("apiVersion").asString("");
        if (!printed.path("kind").asString("").equals("ExecCredential") || !version.equals(plugin.apiVersion())) {
            throw failed(
                    "printed kind \"" + printed.path("kind").asString("") + "\", apiVersion \"" + version
                            + "\"; expected ExecCredential, " + plugin.apiVersion(),
                    null);
        }
        JsonNode status = printed.path("status");
        String token = status.path("token").asString("");
        String certificate = status.path("clientCertificateData").asString("");
        String key = status.path("clientKeyData").asString("");
        if (certificate.isEmpty() != key.isEmpty()) {
            throw failed("printed only one of clientCertificateData and clientKeyData", null);
        }
        if (token.isEmpty() && certificate.isEmpty()) {
            throw failed("printed neither a token nor a client certificate", null);
        }
        ClientIdentity identity = certificate.isEmpty()
                ? null
                : ClientIdentity.read(certificate, name("clientCertificateData"), key, name("clientKeyData"));
        return new Printed(
                Credential.bearer(token, name("token"), identity),
                expiry(status.path("expirationTimestamp").asString("")));
    }

    private @Nullable Instant expiry(String text) throws CredentialException {
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw failed(
                    "printed the expirationTimestamp \"" + text + "\"; expected a time like 2026-01-31T12:00:00Z", e);
        }
    }

    private String output() throws CredentialException {
        long end = nanoTime.getAsLong() + PATIENCE.toNanos();
        Process process = start();
        try {
            FutureTask<byte[]> output = reading(process.getInputStream());
            FutureTask<byte[]> error = reading(process.getErrorStream());
            String printed = text(output.get(end - nanoTime.getAsLong(), TimeUnit.NANOSECONDS));
            String said = text(error.get(end - nanoTime.getAsLong(), TimeUnit.NANOSECONDS));
            if (!process.waitFor(end - nanoTime.getAsLong(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            said.lines().forEach(line -> LOG.info("{}: {}", plugin.words().getFirst(), line));
            if (process.exitValue() != 0) {
                throw failed("ended with exit status " + process.exitValue() + lastLine(said), null);
            }
            return printed;
        } catch (TimeoutException e) {
            throw failed("did not end within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw failed("cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start() throws CredentialException {
        ProcessBuilder builder = new ProcessBuilder(plugin.words());
        builder.environment().putAll(plugin.environment());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            String hint = plugin.installHint().isEmpty() ? "" : "; " + plugin.installHint();
            throw failed("cannot be started: " + e.getMessage() + hint, e);
        }
    }

    /**
     * Starts a thread that reads a stream to its end. Both output pipes of the program must be read at the same time,
     * because the program blocks when one of them is full.
     */
    private static FutureTask<byte[]> reading(InputStream stream) {
        FutureTask<byte[]> task = new FutureTask<>(stream::readAllBytes);
        Thread.ofPlatform().name("login-program").daemon().start(task);
        return task;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static String lastLine(String text) {
        return text.isBlank() ? "" : ": " + text.strip().lines().toList().getLast();
    }

    private String name(String part) {
        return part + " of " + plugin.words().getFirst();
    }

    private CredentialException failed(String what, @Nullable Throwable cause) {
        return new CredentialException(plugin.field() + " " + plugin.words().getFirst() + " " + what, cause);
    }
}
