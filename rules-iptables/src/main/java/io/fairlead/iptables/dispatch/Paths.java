package io.fairlead.iptables.dispatch;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.iptables.rule.Match;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The paths of rules in a dispatch tree. A path is the key of a frontend as text: the address in hexadecimal digits, a
 * letter for the protocol, and the port in four hexadecimal digits. "0A600001T0050" is 10.96.0.1:80/tcp. Node ports
 * have no address: "T7530" is 30000/tcp. All rules of a branch have paths with the same prefix.
 */
final class Paths {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int PORT_DIGITS = 4;

    private Paths() {}

    static String of(Frontend.Key key) {
        String port = letter(key.protocol()) + HEX.toHexDigits((short) key.port());
        return switch (key) {
            case Frontend.Key.Vip vip -> HEX.formatHex(vip.ip().bytes()) + port;
            case Frontend.Key.Node _ -> port;
        };
    }

    /** Returns the common prefix of two paths. */
    static String shared(String one, String other) {
        int length = 0;
        while (length < one.length() && length < other.length() && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return one.substring(0, length);
    }

    /** Returns the conditions that are true for exactly the packets whose path begins with this prefix. */
    static List<Match> conditions(String path, IpFamily family) {
        List<Match> matches = new ArrayList<>();
        int addressDigits = 0;
        while (addressDigits < path.length() && addressDigits < family.bits() / 4 && isDigit(path, addressDigits)) {
            addressDigits++;
        }
        if (addressDigits > 0) {
            String digits = path.substring(0, addressDigits);
            Ip network = Ip.of(HEX.parseHex(digits + "0".repeat(family.bits() / 4 - addressDigits)));
            matches.add(new Match.Destination(new Cidr(network, 4 * addressDigits), false));
        }
        if (addressDigits < path.length()) {
            matches.add(new Match.IsProtocol(protocol(path.charAt(addressDigits))));
            addPorts(matches, path.substring(addressDigits + 1));
        }
        return matches;
    }

    private static void addPorts(List<Match> matches, String digits) {
        if (digits.isEmpty()) {
            return;
        }
        int rest = PORT_DIGITS - digits.length();
        int first = HexFormat.fromHexDigits(digits + "0".repeat(rest));
        int last = HexFormat.fromHexDigits(digits + "F".repeat(rest));
        matches.add(first == last ? new Match.DestinationPort(first) : new Match.DestinationPorts(first, last));
    }

    private static boolean isDigit(String path, int index) {
        return HexFormat.isHexDigit(path.charAt(index));
    }

    private static char letter(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 'T';
            case UDP -> 'U';
            case SCTP -> 'S';
        };
    }

    private static Protocol protocol(char letter) {
        return switch (letter) {
            case 'T' -> Protocol.TCP;
            case 'U' -> Protocol.UDP;
            case 'S' -> Protocol.SCTP;
            default -> throw new IllegalArgumentException("not a protocol: " + letter);
        };
    }
}
