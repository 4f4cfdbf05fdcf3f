package io.fairlead.linux.node;

import io.fairlead.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the facts of the node on which this process runs. */
public final class LiveNodeFacts implements NodeFacts {
    private static final int MOST = 1 << 20;
    private static final int PATIENCE_MS = 2_000;

    private final @Nullable NetworkNamespace namespace;

    private LiveNodeFacts(@Nullable NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** Returns the facts as the network namespace of the calling thread shows them. */
    public static LiveNodeFacts here() {
        return new LiveNodeFacts(null);
    }

    /** Returns the facts as another network namespace shows them. */
    public static LiveNodeFacts in(NetworkNamespace namespace) {
        return new LiveNodeFacts(namespace);
    }

    @Override
    public Optional<String> file(String path) {
        // readNBytes requests many bytes in its first read. A second read of a number below /proc/sys returns nothing
        // (see KernelFile).
        return inside(() -> {
            try (InputStream in = Files.newInputStream(Path.of(path))) {
                return Optional.of(new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
            } catch (IOException _) {
                return Optional.empty();
            }
        });
    }

    @Override
    public List<String> names(String folder) {
        return inside(() -> {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            } catch (IOException _) {
                return List.of();
            }
        });
    }

    @Override
    public Optional<String> link(String path) {
        return inside(() -> {
            try {
                return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
            } catch (IOException _) {
                return Optional.empty();
            }
        });
    }

    /** The socket is opened on this thread, because only this thread is in the namespace. */
    @Override
    public Optional<String> page(URI address) {
        return inside(() -> {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout(PATIENCE_MS);
                connection.setReadTimeout(PATIENCE_MS);
                connection.setInstanceFollowRedirects(false);
                try {
                    return connection.getResponseCode() == HttpURLConnection.HTTP_OK
                            ? Optional.of(text(connection))
                            : Optional.empty();
                } finally {
                    connection.disconnect();
                }
            } catch (IOException _) {
                return Optional.empty();
            }
        });
    }

    private static String text(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
        }
    }

    private <T> T inside(Supplier<T> reading) {
        return namespace == null ? reading.get() : namespace.run(reading);
    }
}
