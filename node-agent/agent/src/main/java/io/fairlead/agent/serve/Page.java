package io.fairlead.agent.serve;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The answer to one HTTP request.
 *
 * @param status the HTTP status code
 * @param headers the headers, without Content-Length
 */
public record Page(int status, Map<String, String> headers, String body) {
    private static final String NO_SNIFF = "nosniff";

    /** Copies the headers. */
    public Page {
        headers = Map.copyOf(headers);
    }

    /**
     * An HTTP request.
     *
     * @param method the HTTP method: "GET"
     * @param path the path without the query
     * @param query the query as the client sent it, without the question mark; "" if there is none
     * @param host the header Host; "" if there is none
     * @param authorization the header Authorization; "" if there is none
     * @param body the first bytes of the body, at most 1024
     */
    public record Request(String method, String path, String query, String host, String authorization, String body) {}

    /** Creates the answers to requests for one path. Implementations are thread-safe. */
    public interface Source extends Function<Request, Page> {}

    /** Returns an answer in plain text. */
    public static Page text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text);
    }

    static Page json(int status, String text) {
        return of(status, "application/json", text);
    }

    /** Returns an answer of this content type. */
    public static Page of(int status, String contentType, String text) {
        return new Page(status, Map.of("Content-Type", contentType, "X-Content-Type-Options", NO_SNIFF), text);
    }

    /** Returns this answer with a further header. */
    public Page with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Page(status, more, body);
    }
}
