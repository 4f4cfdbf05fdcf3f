package io.fairlead.explain.dump;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection in the kernel's conntrack table, as {@code conntrack -L} lists it.
 *
 * @param to the destination of the client's packets
 * @param answeredBy the source of the answers: the endpoint, if the destination was replaced (NAT)
 * @param text the line of the list
 */
public record Connection(Protocol protocol, Ip from, int fromPort, IpPort to, IpPort answeredBy, String text) {
    private static final Pattern LINE = Pattern.compile(
            "(?:ipv[46]\\s+\\d+\\s+)?(tcp|udp|sctp)\\s+\\d+ .*?src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+)"
                    + ".*?src=(\\S+) dst=\\S+ sport=(\\d+) dport=\\d+.*");

    /** Matches each line that {@code conntrack -L} prints for a connection, for any protocol. */
    private static final Pattern BEGINNING =
            Pattern.compile("(?:ipv[46]\\s+\\d+\\s+)?[a-z0-9]+\\s+\\d+ .*src=\\S+ dst=\\S+.*");

    /** Returns whether {@code conntrack -L} prints such a line for a connection, whatever its protocol. */
    static boolean isLine(String line) {
        return BEGINNING.matcher(line).matches();
    }

    /** Parses a line; returns empty if its protocol is not TCP, UDP or SCTP, or if the line is malformed. */
    static Optional<Connection> parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Connection(
                    Protocol.parse(matcher.group(1)).orElseThrow(),
                    Ip.parse(matcher.group(2)),
                    Integer.parseInt(matcher.group(4)),
                    new IpPort(Ip.parse(matcher.group(3)), Integer.parseInt(matcher.group(5))),
                    new IpPort(Ip.parse(matcher.group(6)), Integer.parseInt(matcher.group(7))),
                    line.strip()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
