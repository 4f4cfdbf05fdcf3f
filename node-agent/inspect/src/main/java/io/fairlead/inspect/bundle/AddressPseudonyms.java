package io.fairlead.inspect.bundle;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces addresses so that rules keep their meaning.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>If bit n is the first bit in which two addresses differ, it is also the first bit in which their pseudonyms
 *       differ. So the pseudonym of a range with a prefix length contains the pseudonyms of its addresses. Whether a
 *       bit is inverted depends on a keyed hash of the bits before it.
 *   <li>Addresses with a special meaning stay: loopback, link-local, multicast, unspecified. The first bits of private
 *       ranges stay, so that a reader recognises them.
 *   <li>A range that is written as two addresses keeps its meaning only if its addresses keep their order. Therefore
 *       the bits that differ inside such a range are kept.
 * </ol>
 */
final class AddressPseudonyms {
    private static final List<Cidr> UNCHANGED = cidrs(
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/128", "::1/128", "fe80::/10", "ff00::/8");
    private static final List<Cidr> RECOGNISABLE = cidrs(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
            "64:ff9b::/96",
            "::ffff:0:0/96");

    private static final Pattern ADDRESS =
            Pattern.compile("(?<![0-9A-Za-z.:])(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}(?![0-9A-Za-z]|\\.[0-9])"
                    + "|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![0-9A-Za-z:]))(?:/(?<length>[0-9]{1,3}))?");
    private static final Pattern RANGE = Pattern.compile("(?<![0-9A-Za-z.:])([0-9a-f.:]{4,39})-([0-9a-f.:]{4,39})");
    private static final Pattern HARDWARE =
            Pattern.compile("(?<![0-9A-Za-z:])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![0-9A-Za-z:])");

    private final byte[] key;
    private final Map<Ip, Ip> known = new HashMap<>();
    private final Set<String> kept = new HashSet<>();
    private final Map<String, Boolean> flips = new HashMap<>();

    /**
     * Creates pseudonyms from a secret key. For the same key and the same ranges, an address has the same pseudonym.
     */
    AddressPseudonyms(byte[] key) {
        this.key = key.clone();
    }

    private static List<Cidr> cidrs(String... texts) {
        return List.of(texts).stream().map(Cidr::parse).toList();
    }

    /**
     * Records the ranges in a text that are written as two addresses, for example 192.0.2.1-192.0.2.9. Call it for all
     * texts before the first address is replaced.
     */
    void learn(String text) {
        Matcher range = RANGE.matcher(text);
        while (range.find()) {
            Ip first = parse(range.group(1));
            Ip last = parse(range.group(2));
            if (first != null && last != null && first.family() == last.family()) {
                String one = bits(first);
                String two = bits(last);
                int common = 0;
                while (common < one.length() && one.charAt(common) == two.charAt(common)) {
                    common++;
                }
                kept.add(one.substring(0, common));
            }
        }
    }

    /** Returns the text in which every IP address and every hardware address (MAC) is replaced by its pseudonym. */
    String text(String text) {
        Matcher address = ADDRESS.matcher(text);
        StringBuilder out = new StringBuilder();
        while (address.find()) {
            address.appendReplacement(out, Matcher.quoteReplacement(replaced(address)));
        }
        address.appendTail(out);
        return HARDWARE.matcher(out).replaceAll(found -> hardware(found.group()));
    }

    private String replaced(Matcher found) {
        String length = found.group("length");
        String text = length == null
                ? found.group()
                : found.group().substring(0, found.group().length() - length.length() - 1);
        Ip ip = parse(text);
        if (ip == null) {
            return found.group();
        }
        if (length == null) {
            return of(ip).text();
        }
        int prefix = Integer.parseInt(length);
        boolean network = prefix <= ip.family().bits() && ip.masked(prefix).equals(ip);
        return (network ? of(ip).masked(prefix) : of(ip)).text() + "/" + length;
    }

    private static @Nullable Ip parse(String text) {
        try {
            return Ip.parse(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private String hardware(String address) {
        byte[] hash = hash("hardware " + address.toLowerCase(Locale.ROOT));
        return String.format(Locale.ROOT, "02:%02x:%02x:%02x:%02x:%02x", hash[0], hash[1], hash[2], hash[3], hash[4]);
    }

    /** Returns the pseudonym of an address. */
    Ip of(Ip ip) {
        return known.computeIfAbsent(ip, this::made);
    }

    private Ip made(Ip ip) {
        if (UNCHANGED.stream().anyMatch(range -> range.contains(ip))) {
            return ip;
        }
        String bits = bits(ip);
        byte[] bytes = ip.bytes();
        for (int i = 0; i < bits.length(); i++) {
            if (flips(bits.substring(0, i), bits.length())) {
                bytes[i / 8] ^= (byte) (0x80 >> (i % 8));
            }
        }
        return Ip.of(bytes);
    }

    private boolean flips(String prefix, int bits) {
        return flips.computeIfAbsent(
                bits + " " + prefix, _ -> !leadsToKept(prefix, bits) && hash("bit " + prefix)[0] < 0);
    }

    /**
     * Returns whether the bit after these bits must stay. It must stay if a range whose first bits stay begins with
     * these bits, or if these bits begin with the common bits of a recorded range.
     */
    private boolean leadsToKept(String prefix, int bits) {
        for (List<Cidr> ranges : List.of(UNCHANGED, RECOGNISABLE)) {
            for (Cidr range : ranges) {
                if (range.family().bits() == bits
                        && prefix.length() < range.prefixLength()
                        && bits(range.network()).startsWith(prefix)) {
                    return true;
                }
            }
        }
        for (int length = 0; length <= prefix.length(); length++) {
            if (kept.contains(prefix.substring(0, length))) {
                return true;
            }
        }
        return false;
    }

    private static String bits(Ip ip) {
        StringBuilder bits = new StringBuilder();
        for (byte each : ip.bytes()) {
            for (int i = 7; i >= 0; i--) {
                bits.append((each >> i) & 1);
            }
        }
        return bits.toString();
    }

    byte[] hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
