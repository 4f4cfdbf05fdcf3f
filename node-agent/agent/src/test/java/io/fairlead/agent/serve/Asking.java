package io.fairlead.agent.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends HTTP requests, each on a new connection. */
final class Asking {
    private Asking() {}

    static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return ask("GET", "http://127.0.0.1:" + port + path);
    }

    static HttpResponse<String> ask(String method, String address) throws IOException, InterruptedException {
        return ask(method, address, HttpRequest.BodyPublishers.noBody());
    }

    static HttpResponse<String> put(String address, String body) throws IOException, InterruptedException {
        return ask("PUT", address, HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> ask(String method, String address, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address))
                            .timeout(Duration.ofSeconds(5))
                            .method(method, body)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
