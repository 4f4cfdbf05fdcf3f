package io.fairlead.agent.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves pages on one address and port. Each request has its own virtual thread. */
final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    static final int MOST_BODY = 1_024;
    private static final int NO_BODY = -1;

    /** Creates the answers to requests. */
    interface Pages {
        /**
         * Returns the answer to a request.
         *
         * @param local the address of this node to which the request was sent
         */
        Page page(Page.Request request, InetAddress local);
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Pages pages;
    private volatile boolean closed;

    private Listener(HttpServer server, ExecutorService threads, Pages pages) {
        this.server = server;
        this.threads = threads;
        this.pages = pages;
    }

    /**
     * Opens the socket and starts to answer requests.
     *
     * @throws IOException if the socket cannot be opened, for example because the address is not on this node or the
     *     port is in use
     */
    static Listener open(InetSocketAddress address, Pages pages) throws IOException {
        ServerLimits.set();
        HttpServer server = HttpServer.create(address, 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Listener listener = new Listener(server, threads, pages);
        server.setExecutor(threads);
        server.createContext("/", listener::answer);
        server.start();
        return listener;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        threads.shutdownNow();
    }

    private static Page.Request request(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY);
        return new Page.Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                text(exchange.getRequestURI().getRawQuery()),
                text(exchange.getRequestHeaders().getFirst("Host")),
                text(exchange.getRequestHeaders().getFirst("Authorization")),
                new String(body, StandardCharsets.UTF_8));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /**
     * Answers a request. A request that arrives while the listener is being closed receives an empty answer (LBF-16).
     */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (closed) {
                LOG.error(
                        "cannot answer a request for {}: its port is being closed",
                        exchange.getRequestURI().getPath());
                return;
            }
            Page page;
            try {
                page = pages.page(request(exchange), exchange.getLocalAddress().getAddress());
            } catch (RuntimeException e) {
                LOG.error(
                        "unexpected exception while answering {}",
                        exchange.getRequestURI().getPath(),
                        e);
                page = Page.text(500, "internal error: " + e + "\n");
            }
            page.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(page.status(), NO_BODY);
                return;
            }
            byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(page.status(), body.length == 0 ? NO_BODY : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
