package io.fairlead.core.net;

/** An IP address and a port: the destination of a packet. */
public record IpPort(Ip ip, int port) implements Comparable<IpPort> {

    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if the port is not in 1 to 65535
     */
    public IpPort {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
    }

    /**
     * Parses "ip:port" or "[ip]:port".
     *
     * @throws IllegalArgumentException if the text has neither form, or if the port is not in 1 to 65535
     */
    public static IpPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw new IllegalArgumentException("not ip:port: \"" + text + "\"");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 && !bracketed) {
            throw new IllegalArgumentException("not ip:port: \"" + text + "\"");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new IpPort(Ip.parse(bracketed ? host.substring(1, host.length() - 1) : host), port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not ip:port: \"" + text + "\"", e);
        }
    }

    /** Returns "10.0.0.1:80" or "[fd00::1]:80". */
    public String text() {
        return switch (ip) {
            case Ipv4 _ -> ip.text() + ":" + port;
            case Ipv6 _ -> "[" + ip.text() + "]:" + port;
        };
    }

    /** Orders by the string that {@link #text()} returns, as kube-proxy sorts endpoints (EPS-10). */
    @Override
    public int compareTo(IpPort other) {
        return text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }
}
