package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fairlead.cluster.connection.CredentialException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Observes all requests to the API server and their answers as an interceptor of fabric8's HTTP client. For each kind
 * of object, it records when the server last sent anything (including bookmarks, which informers do not report) and
 * whether requests fail. It ends a watch whose connection is open but on which the server sends nothing. The informer
 * then opens a new watch that continues at the last resource version.
 */
final class Traffic implements Interceptor {
    private static final int FIRST_ERROR = 400;
    /**
     * The largest number of requests without an answer whose start times are kept. It limits the memory that they use.
     */
    private static final int MOST_PENDING = 1_000;

    private static final class Line {
        private volatile @Nullable Instant heard;
        private volatile @Nullable OpenWatch watch;
        private volatile @Nullable String failure;
        private volatile @Nullable Instant failingSince;
    }

    private record OpenWatch(AsyncBody body, Instant since) {}

    private final InstantSource clock;
    private final RequestObserver observer;
    private final Map<WatchedKind, Line> lines = new EnumMap<>(WatchedKind.class);
    private final Map<UUID, Instant> pending = new ConcurrentHashMap<>();
    private volatile Consumer<WatchedKind> turns = _ -> {};

    Traffic(InstantSource clock, RequestObserver observer) {
        this.clock = clock;
        this.observer = observer;
        for (WatchedKind kind : WatchedKind.values()) {
            lines.put(kind, new Line());
        }
    }

    /** Sets the listener that is called when requests for a kind start to fail, and when they succeed again. */
    void onTurn(Consumer<WatchedKind> listener) {
        turns = listener;
    }

    @Nullable
    Instant heard(WatchedKind kind) {
        return line(kind).heard;
    }

    @Nullable
    String failure(WatchedKind kind) {
        return line(kind).failure;
    }

    @Nullable
    Instant failingSince(WatchedKind kind) {
        return line(kind).failingSince;
    }

    void failed(WatchedKind kind, String message) {
        Line line = line(kind);
        boolean turn = line.failure == null;
        line.failure = message;
        if (turn) {
            line.failingSince = clock.instant();
            turns.accept(kind);
        }
    }

    void succeeded(WatchedKind kind) {
        Line line = line(kind);
        if (line.failure != null) {
            line.failure = null;
            turns.accept(kind);
            line.failingSince = null;
        }
    }

    /**
     * Ends the watch of a kind if it has received nothing for longer than {@code longest}. The informer then opens a
     * new watch.
     *
     * @return whether a watch was ended
     */
    boolean cutIfSilent(WatchedKind kind, Duration longest) {
        Line line = line(kind);
        OpenWatch watch = line.watch;
        if (watch == null || watch.body().done().isDone()) {
            return false;
        }
        Instant heard = line.heard;
        Instant last = heard == null || heard.isBefore(watch.since()) ? watch.since() : heard;
        if (Duration.between(last, clock.instant()).compareTo(longest) <= 0) {
            return false;
        }
        line.watch = null;
        watch.body().cancel();
        return true;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (pending.size() >= MOST_PENDING) {
            pending.clear();
        }
        pending.put(request.id(), clock.instant());
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        observe(request, Integer.toString(response.code()));
        kind(request).ifPresent(kind -> {
            if (response.code() >= FIRST_ERROR) {
                failed(kind, "HTTP " + response.code() + " " + response.message());
                return;
            }
            heardNow(kind);
            if (isWatch(request)) {
                succeeded(kind);
                if (response.body() instanceof AsyncBody body) {
                    line(kind).watch = new OpenWatch(body, clock.instant());
                }
            }
        });
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        Optional<WatchedKind> kind = kind(request);
        return kind.isEmpty() ? consumer : new Listening(consumer, () -> heardNow(kind.get()));
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        observe(request, RequestObserver.NO_ANSWER);
        kind(request).ifPresent(kind -> failed(kind, describe(failure)));
    }

    /**
     * Returns one line of text about the deepest cause of a failure. If an API server answered with an error, the line
     * has the code and the message of the answer. Otherwise it usually begins with the name of the exception class,
     * because some messages alone are not clear.
     */
    static String describe(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CredentialException) {
                return String.valueOf(cause.getMessage());
            }
            root = cause;
        }
        if (root instanceof CertPathBuilderException) {
            return "the server's certificate is not signed by a trusted certificate authority";
        }
        if (root instanceof ConnectException || root instanceof SocketTimeoutException) {
            return "cannot connect: " + String.valueOf(root.getMessage()).toLowerCase(Locale.ROOT);
        }
        if (root instanceof KubernetesClientException answered
                && answered.getCode() >= FIRST_ERROR
                && answered.getStatus() != null) {
            return "HTTP " + answered.getCode() + ": " + answered.getStatus().getMessage();
        }
        String name = root.getClass().getSimpleName();
        String message = root.getMessage();
        return message == null
                ? name
                : name + ": " + message.lines().findFirst().orElse("");
    }

    private void heardNow(WatchedKind kind) {
        line(kind).heard = clock.instant();
    }

    private void observe(HttpRequest request, String code) {
        Instant sent = pending.remove(request.id());
        Duration duration = sent == null ? Duration.ZERO : Duration.between(sent, clock.instant());
        observer.requested(request.method(), request.uri().getAuthority(), code, duration);
    }

    private Line line(WatchedKind kind) {
        return Objects.requireNonNull(lines.get(kind));
    }

    private static Optional<WatchedKind> kind(HttpRequest request) {
        String path = request.uri().getPath();
        for (WatchedKind kind : WatchedKind.values()) {
            if (path.endsWith(kind.path())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static boolean isWatch(HttpRequest request) {
        String query = request.uri().getQuery();
        return query != null && query.contains("watch=true");
    }

    private record Listening(AsyncBody.Consumer<List<ByteBuffer>> to, Runnable note)
            implements AsyncBody.Consumer<List<ByteBuffer>> {
        @Override
        public void consume(List<ByteBuffer> value, AsyncBody body) throws Exception {
            note.run();
            to.consume(value, body);
        }

        @Override
        public <U> U unwrap(Class<U> target) {
            return to.unwrap(target);
        }
    }
}
