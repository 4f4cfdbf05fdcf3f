package io.fairlead.cluster.access;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the proxy for a connection, in the kubeconfig or in the environment variables HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY. The rules are the same as in the Go package golang.org/x/net/http/httpproxy, which client-go 0.37 uses.
 */
final class Proxies {
    private static final Set<String> SCHEMES = Set.of("http", "https", "socks5");
    private static final String ALLOWED = "; allowed are URLs with http, https or socks5";

    /** The server with which the entries of NO_PROXY are compared. */
    private record Server(String host, Optional<Ip> ip, int port) {
        private static Server of(URI address) {
            String host = bare(address.getHost());
            int standard = address.getScheme().equals("https") ? 443 : 80;
            return new Server(host, address(host), address.getPort() < 0 ? standard : address.getPort());
        }

        private boolean isLocal() {
            return host.equals("localhost") || ip.map(Ip::isLoopback).orElse(false);
        }
    }

    private Proxies() {}

    /**
     * Returns the proxy that is named in the field {@code proxy-url}. If the value is bad, reports an error and returns
     * empty.
     */
    static Optional<URI> ofKubeconfig(String url, String where, Remarks remarks) {
        Optional<URI> proxy = parse(url).filter(Proxies::isProxy);
        if (proxy.isEmpty()) {
            remarks.error(where + " is not the address of a proxy" + ALLOWED);
        }
        return proxy;
    }

    /**
     * Returns the proxy that the environment variables name for this server; empty if they name none, if the server is
     * on this host, or if NO_PROXY contains the server. If the value is bad, reports an error and returns empty.
     */
    static Optional<URI> ofEnvironment(URI server, Map<String, String> environment, Remarks remarks) {
        String variable = server.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
        String value = either(environment, variable);
        if (value.isEmpty() || isExcepted(Server.of(server), either(environment, "NO_PROXY"))) {
            return Optional.empty();
        }
        String url = value.contains("://") ? value : "http://" + value;
        // Go also accepts socks5h. In Go and in Fairlead both schemes mean that the proxy resolves host names.
        Optional<URI> proxy = parse(url.replaceFirst("^socks5h:", "socks5:")).filter(Proxies::isProxy);
        if (proxy.isEmpty()) {
            remarks.error("the environment variable " + variable + " is not the address of a proxy" + ALLOWED);
        }
        return proxy;
    }

    private static boolean isProxy(URI uri) {
        return uri.getScheme() != null && SCHEMES.contains(uri.getScheme()) && uri.getHost() != null;
    }

    private static String either(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : value;
    }

    private static boolean isExcepted(Server server, String exceptions) {
        return server.isLocal()
                || Arrays.stream(exceptions.split(","))
                        .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                        .filter(entry -> !entry.isEmpty())
                        .anyMatch(entry -> matches(entry, server));
    }

    private static boolean matches(String entry, Server server) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.contains("/")) {
            return cidr(entry).flatMap(cidr -> server.ip().map(cidr::contains)).orElse(false);
        }
        String name = entry;
        int colon = entry.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (entry.indexOf(':') == colon || entry.contains("]:"));
        if (hasPort) {
            if (!entry.substring(colon + 1).equals(Integer.toString(server.port()))) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        Optional<Ip> ip = address(bare(name));
        if (ip.isPresent()) {
            return ip.equals(server.ip());
        }
        String suffix = name.startsWith("*.") ? name.substring(1) : name;
        return suffix.startsWith(".")
                ? server.host().endsWith(suffix)
                : server.host().equals(suffix) || server.host().endsWith("." + suffix);
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
    }

    private static Optional<Ip> address(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Cidr> cidr(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
