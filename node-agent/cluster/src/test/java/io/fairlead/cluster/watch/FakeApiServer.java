package io.fairlead.cluster.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A fake API server. Like a real API server, it serves lists and watches with pages, resource versions, bookmarks, 410
 * Gone, and the selectors that a proxy uses. Tests can also make it fail: it can be unreachable, refuse requests, no
 * longer know old versions, break connections, or send nothing. Objects are stored as JSON, so that invalid objects can
 * be served.
 */
public final class FakeApiServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> PATHS = Map.of(
            "Service", WatchedKind.SERVICES.path(),
            "EndpointSlice", WatchedKind.SLICES.path(),
            "Endpoints", WatchedKind.ENDPOINTS.path(),
            "Node", WatchedKind.NODE.path(),
            "ServiceCIDR", WatchedKind.SERVICE_CIDRS.path());

    /**
     * A change of an object.
     *
     * @param before the old object; null if the object is new
     */
    private record Event(
            long version,
            String path,
            String type,
            ObjectNode object,
            @Nullable ObjectNode before) {

        /**
         * Returns the event that a watch with these selectors receives for the change. If the object starts to match
         * the selectors, the event says that it was added. If it no longer matches, the event says that it was deleted.
         */
        Optional<Event> as(Map<String, String> parameters) {
            if (type.equals("BOOKMARK")) {
                return Optional.of(this);
            }
            boolean was = before != null && selects(parameters, before);
            boolean is = !type.equals("DELETED") && selects(parameters, object);
            if (!was && !is) {
                return Optional.empty();
            }
            return Optional.of(new Event(version, path, was ? (is ? "MODIFIED" : "DELETED") : "ADDED", object, before));
        }
    }

    private final KubernetesSerialization serialization = new KubernetesSerialization();
    private final Map<String, TreeMap<String, ObjectNode>> objects = new TreeMap<>();
    /** The events for each path, in the order of their resource versions. */
    private final Map<String, List<Event>> events = new HashMap<>();

    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<JsonNode> created = new CopyOnWriteArrayList<>();
    private final List<HttpExchange> watches = new CopyOnWriteArrayList<>();
    private final Set<HttpExchange> cut = new HashSet<>();
    private final @Nullable SSLContext tls;
    private final int port;
    private volatile String token = "";
    private volatile boolean clientCertificates;
    private long version = 100;
    private long forgotten = 0;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    /** Creates a server and starts it. The port stays the same after {@link #stop} and {@link #start}. */
    public FakeApiServer() {
        this(null);
    }

    FakeApiServer(@Nullable SSLContext tls) {
        this.tls = tls;
        this.port = listen(0);
    }

    public String address() {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port;
    }

    public void start() {
        listen(port);
    }

    /** Breaks the open connections, and refuses new connections. */
    public void stop() {
        HttpServer running = server;
        ExecutorService serving = threads;
        if (running != null && serving != null) {
            running.stop(0);
            serving.shutdownNow();
            watches.clear();
        }
    }

    @Override
    public void close() {
        stop();
    }

    public synchronized void put(HasMetadata object) {
        put(serialization.asJson(object));
    }

    /** Creates or updates an object, which may be invalid but must have a kind. */
    synchronized void put(String json) {
        ObjectNode object = (ObjectNode) JSON.readTree(json);
        String path = PATHS.get(object.path("kind").asString());
        ObjectNode metadata = (ObjectNode) object.path("metadata");
        metadata.put("resourceVersion", Long.toString(++version));
        ObjectNode before = objects.computeIfAbsent(path, _ -> new TreeMap<>()).put(key(object), object);
        happened(new Event(version, path, before == null ? "ADDED" : "MODIFIED", object, before));
        notifyAll();
    }

    public synchronized void delete(HasMetadata object) {
        ObjectNode node = (ObjectNode) JSON.readTree(serialization.asJson(object));
        String path = PATHS.get(object.getKind());
        ObjectNode gone = objects.get(path).remove(key(node)).deepCopy();
        ((ObjectNode) gone.path("metadata")).put("resourceVersion", Long.toString(++version));
        happened(new Event(version, path, "DELETED", gone, gone));
        notifyAll();
    }

    /** Sends a bookmark with a new resource version to all open watches. */
    synchronized void bookmark() {
        version++;
        PATHS.forEach((kind, path) -> {
            ObjectNode mark = JSON.createObjectNode();
            mark.put("kind", kind).put("apiVersion", apiVersion(path));
            mark.putObject("metadata").put("resourceVersion", Long.toString(version));
            happened(new Event(version, path, "BOOKMARK", mark, null));
        });
        notifyAll();
    }

    /** From now on, answers 410 Gone to each watch that starts at a version before this call, as after a compaction. */
    synchronized void forgetOldVersions() {
        forgotten = ++version;
        events.clear();
    }

    /** Answers lists and watches of a kind with this HTTP status. The status 200 restores the normal answers. */
    public void refuse(WatchedKind kind, int status) {
        if (status == 200) {
            refusals.remove(kind.path());
        } else {
            refusals.put(kind.path(), status);
        }
    }

    /** Refuses new connections of clients without a trusted certificate. */
    void requireCertificate() {
        clientCertificates = true;
    }

    /** Answers 401 to requests without this token; "" accepts all requests. */
    void require(String bearer) {
        token = bearer;
    }

    /** Sends nothing more to open watches, as if the network lost all packets. New watches are served. */
    void mute() {
        watches.clear();
    }

    /**
     * Breaks all open watches. The thread of each watch closes its stream, because a stream may stay open if two
     * threads use it.
     */
    synchronized void breakConnections() {
        cut.addAll(watches);
        watches.clear();
        notifyAll();
    }

    int openWatches() {
        return watches.size();
    }

    /** Returns the objects that clients have created (Events), in the order of their creation. */
    public List<JsonNode> created() {
        return List.copyOf(created);
    }

    /** Returns the decoded path and query of each request. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private int listen(int wanted) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
            HttpServer started = bind(address);
            ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
            started.setExecutor(virtual);
            started.createContext("/", this::handle);
            started.start();
            server = started;
            threads = virtual;
            return started.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpServer bind(InetSocketAddress address) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                if (tls == null) {
                    return HttpServer.create(address, 0);
                }
                SSLContext context = tls;
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters ofServer = context.getDefaultSSLParameters();
                        ofServer.setNeedClientAuth(clientCertificates);
                        parameters.setSSLParameters(ofServer);
                    }
                });
                return secure;
            } catch (BindException e) {
                if (attempt == 50) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery();
        Map<String, String> parameters = parameters(query == null ? "" : query);
        requests.add(path + "?" + new TreeMap<>(parameters));
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!token.isEmpty() && !("Bearer " + token).equals(authorization)) {
            answer(exchange, 401, status(401));
        } else if (refusals.containsKey(path)) {
            answer(exchange, refusals.get(path), status(refusals.get(path)));
        } else if (exchange.getRequestMethod().equals("POST")) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            created.add(JSON.readTree(body));
            answer(exchange, 201, body);
        } else if ("true".equals(parameters.get("watch"))) {
            watch(exchange, path, parameters);
        } else {
            answer(exchange, 200, list(path, parameters));
        }
    }

    private synchronized String list(String path, Map<String, String> parameters) {
        List<Map.Entry<String, ObjectNode>> selected = objects.getOrDefault(path, new TreeMap<>()).entrySet().stream()
                .filter(entry -> selects(parameters, entry.getValue()))
                .filter(entry -> entry.getKey().compareTo(parameters.getOrDefault("continue", "")) > 0)
                .toList();
        int limit = Integer.parseInt(parameters.getOrDefault("limit", "1000000"));
        List<Map.Entry<String, ObjectNode>> page = selected.subList(0, Math.min(limit, selected.size()));
        ObjectNode list = JSON.createObjectNode();
        String kind = PATHS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(path))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        list.put("kind", kind + "List").put("apiVersion", apiVersion(path));
        ObjectNode metadata = list.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (page.size() < selected.size()) {
            metadata.put("continue", page.getLast().getKey());
        }
        page.forEach(entry -> list.withArray("items").add(entry.getValue()));
        if (page.isEmpty()) {
            list.putArray("items");
        }
        return list.toString();
    }

    private void watch(HttpExchange exchange, String path, Map<String, String> parameters) throws IOException {
        long from = Long.parseLong(parameters.getOrDefault("resourceVersion", "0"));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        if (from < forgotten) {
            send(out, "{\"type\":\"ERROR\",\"object\":" + status(410) + "}");
            exchange.close();
            return;
        }
        out.flush();
        watches.add(exchange);
        long sent = from;
        while (true) {
            for (Event event : next(exchange, path, parameters, sent)) {
                send(out, "{\"type\":\"" + event.type() + "\",\"object\":" + event.object() + "}");
                sent = event.version();
            }
        }
    }

    private void happened(Event event) {
        events.computeIfAbsent(event.path(), _ -> new ArrayList<>()).add(event);
    }

    private static List<Event> after(long version, List<Event> sorted) {
        int from = 0;
        int to = sorted.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted.get(middle).version() > version) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return sorted.subList(from, sorted.size());
    }

    private synchronized List<Event> next(HttpExchange exchange, String path, Map<String, String> parameters, long sent)
            throws IOException {
        while (true) {
            if (cut.remove(exchange)) {
                throw new IOException("cut on purpose");
            }
            List<Event> due = after(sent, events.getOrDefault(path, List.of())).stream()
                    .flatMap(event -> event.as(parameters).stream())
                    .toList();
            if (!due.isEmpty() && watches.contains(exchange)) {
                return due;
            }
            try {
                wait(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped", e);
            }
        }
    }

    private static void send(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String status(int code) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"made up\","
                + "\"reason\":\"" + (code == 410 ? "Expired" : "Made up") + "\",\"code\":" + code + "}";
    }

    private static boolean selects(Map<String, String> parameters, JsonNode object) {
        return terms(parameters, "labelSelector")
                        .allMatch(term -> object.path("metadata")
                                .path("labels")
                                .path(term.substring(1))
                                .isMissingNode())
                && terms(parameters, "fieldSelector").allMatch(term -> {
                    boolean differs = term.contains("!=");
                    int operator = term.indexOf(differs ? "!=" : "=");
                    JsonNode value = object.at("/" + term.substring(0, operator).replace('.', '/'));
                    String wanted = term.substring(operator + (differs ? 2 : 1));
                    return value.asString("").equals(wanted) != differs;
                });
    }

    /** Returns the API version for a path of the form "/apis/GROUP/v1/KIND" or "/api/v1/KIND". */
    private static String apiVersion(String path) {
        return path.startsWith("/api/") ? "v1" : path.substring("/apis/".length(), path.lastIndexOf('/'));
    }

    private static Stream<String> terms(Map<String, String> parameters, String name) {
        return Arrays.stream(parameters.getOrDefault(name, "").split(",")).filter(term -> !term.isEmpty());
    }

    private static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0],
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                        (first, _) -> first));
    }

    private static String key(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.path("namespace").asString("") + "/"
                + metadata.path("name").asString();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
