package io.fairlead.agent.serve;

import io.fairlead.core.net.IpPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves pages on an address from the configuration. If it cannot listen on this address, it tries again every 5 s, or
 * it ends the agent if the configuration says so (HTTP-11).
 */
public final class PageServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final String name;
    private final @Nullable IpPort address;
    private final SortedMap<String, Page.Source> pages;
    private final Duration retry;
    private final ScheduledExecutorService retries;
    private @Nullable Listener listener;
    private int attempts;
    private boolean closed;

    private PageServer(String name, @Nullable IpPort address, SortedMap<String, Page.Source> pages, Duration retry) {
        this.name = name;
        this.address = address;
        this.pages = new TreeMap<>(pages);
        this.retry = retry;
        this.retries = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name + "-bind").daemon().factory());
    }

    /**
     * The behaviour if the process cannot listen on an address.
     *
     * @param hardFail whether the failure ends the agent
     * @param report receives a message about the first failure, whether or not the failure ends the agent (EVT-2)
     */
    public record OnFailure(boolean hardFail, Consumer<String> report) {}

    /**
     * Serves {@code /healthz} and {@code /livez} on healthzBindAddress (HTTP-1).
     *
     * @param address the address; null to serve nothing
     * @throws BindFailedException if the server cannot listen on the address and this is fatal
     */
    public static PageServer start(@Nullable IpPort address, HealthPages pages, OnFailure onFailure) {
        return start("healthz", address, pages.pages(), onFailure, RETRY);
    }

    /**
     * Serves the metrics and the other pages on metricsBindAddress (HTTP-10).
     *
     * @param address the address; null to serve nothing
     * @throws BindFailedException if the server cannot listen on the address and this is fatal
     */
    public static PageServer start(@Nullable IpPort address, MetricsPages pages, OnFailure onFailure) {
        return start("metrics", address, pages.pages(), onFailure, RETRY);
    }

    static PageServer start(
            String name,
            @Nullable IpPort address,
            SortedMap<String, Page.Source> pages,
            OnFailure onFailure,
            Duration retry) {
        PageServer server = new PageServer(name, address, pages, retry);
        try {
            server.bind();
        } catch (IOException e) {
            String message = server.describe(e);
            onFailure.report().accept(message);
            if (onFailure.hardFail()) {
                server.close();
                throw new BindFailedException(message, e);
            }
            LOG.error("{}; trying again every {} s", message, retry.toSeconds());
            server.bindLater();
        }
        return server;
    }

    /** Returns whether the server is listening. */
    public synchronized boolean isListening() {
        return listener != null;
    }

    /** Returns the number of attempts to listen. */
    synchronized int attempts() {
        return attempts;
    }

    @Override
    public synchronized void close() {
        closed = true;
        retries.shutdownNow();
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }

    static InetSocketAddress socketAddress(IpPort address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address.ip().text()), address.port());
    }

    private void bindLater() {
        var _ = retries.schedule(
                () -> {
                    try {
                        bind();
                        LOG.info("{} is now served on {}", name, address);
                    } catch (IOException e) {
                        LOG.debug("{}", describe(e));
                        bindLater();
                    }
                },
                retry.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private synchronized void bind() throws IOException {
        if (!closed && address != null) {
            attempts++;
            listener = Listener.open(socketAddress(address), (request, _) -> page(request));
        }
    }

    private Page page(Page.Request request) {
        Page.Source source = pages.get(request.path());
        return source == null ? Page.text(404, "404 page not found\n") : source.apply(request);
    }

    private String describe(IOException e) {
        return "cannot serve " + name + " on " + address + ": " + e.getMessage();
    }
}
