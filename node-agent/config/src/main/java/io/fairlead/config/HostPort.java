package io.fairlead.config;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses IP addresses, address ranges and ports in the notations that Go's libraries accept. */
public final class HostPort {
    /** The pattern of a host and a port. A host with colons must be in brackets. */
    private static final Pattern SPLIT = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^\\[\\]:]*)):([^\\[\\]:]*)");

    private static final Pattern PORT = Pattern.compile("[+-]?\\d{1,18}");
    private static final int MOST = 65_535;

    private HostPort() {}

    /** Parses an IP address. Returns empty if the text is not an IP address. */
    public static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static boolean isIpv4(String text) {
        return ip(text).filter(ip -> ip.family() == IpFamily.IPV4).isPresent();
    }

    static Optional<Cidr> range(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Adds a port to an IP address without a port. Any other text is returned unchanged. */
    public static String withPort(String text, int port) {
        return ip(text).isEmpty() ? text : (text.contains(":") ? "[" + text + "]:" : text + ":") + port;
    }

    /** Parses an IP address with a port from 1 to 65535. Returns empty for any other text. */
    public static Optional<IpPort> parse(String text) {
        Matcher matcher = SPLIT.matcher(text);
        if (!matcher.matches() || !PORT.matcher(matcher.group(3)).matches()) {
            return Optional.empty();
        }
        long port = Long.parseLong(matcher.group(3));
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return ip(host).filter(_ -> port >= 1 && port <= MOST).map(ip -> new IpPort(ip, (int) port));
    }
}
