package io.fairlead.inspect.bundle;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

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
 *   <li>A range that is written as two addresses keeps its meaning only if its addresses keep their order. {@link
 *       OrderedBits} chooses the few bits that stay for that.
 *   <li>The first bit that may be inverted is always inverted. So only an address with a special meaning is its own
 *       pseudonym.
 * </ol>
 */
final class AddressPseudonyms {
    private static final Pattern HARDWARE =
            Pattern.compile("(?<![0-9A-Za-z:])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![0-9A-Za-z:])");

    private final KeyedHash hash;
    private final OrderedBits ordered;
    private final Map<Ip, Ip> known = new HashMap<>();
    private final Map<String, Boolean> inverted = new HashMap<>();

    /**
     * Creates pseudonyms. For the same hash and the same bits that stay, an address has the same pseudonym.
     *
     * @param ordered the bits that stay, so that ranges keep their meaning
     */
    AddressPseudonyms(KeyedHash hash, OrderedBits ordered) {
        this.hash = hash;
        this.ordered = ordered;
    }

    /** Returns the text in which every IP address and every hardware address (MAC) is replaced by its pseudonym. */
    String text(String text) {
        StringBuilder replaced = new StringBuilder();
        int copied = 0;
        for (WrittenAddress.Found found : WrittenAddress.in(text)) {
            replaced.append(text, copied, found.start()).append(of(found.address()));
            copied = found.end();
        }
        replaced.append(text, copied, text.length());
        return HARDWARE.matcher(replaced).replaceAll(found -> hardware(found.group()));
    }

    private String of(WrittenAddress address) {
        return switch (address) {
            case WrittenAddress.Single(Ip ip) -> of(ip).text();
            case WrittenAddress.Sized sized -> {
                Ip pseudonym = of(sized.ip());
                yield (sized.isNetwork() ? pseudonym.masked(sized.length()) : pseudonym).text() + "/" + sized.length();
            }
            case WrittenAddress.Range range -> {
                Ip first = of(range.first());
                Ip last = of(range.last());
                if (range.isNetwork()) {
                    first = first.masked(range.common());
                    last = AddressBits.last(first, range.common());
                }
                yield first.text() + range.between() + last.text();
            }
        };
    }

    private String hardware(String address) {
        byte[] bytes = hash.of("hardware " + address.toLowerCase(Locale.ROOT));
        return String.format(
                Locale.ROOT, "02:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]);
    }

    /** Returns the pseudonym of an address. */
    Ip of(Ip ip) {
        return known.computeIfAbsent(ip, this::made);
    }

    private Ip made(Ip ip) {
        if (MeaningfulRanges.isUnchanged(ip)) {
            return ip;
        }
        String bits = AddressBits.of(ip);
        byte[] bytes = ip.bytes();
        boolean first = true;
        for (int i = 0; i < bits.length(); i++) {
            String before = bits.substring(0, i);
            if (stays(ip.family(), before)) {
                continue;
            }
            if (first || isInverted(ip.family(), before)) {
                AddressBits.invert(bytes, i);
            }
            first = false;
        }
        return Ip.of(bytes);
    }

    private boolean stays(IpFamily family, String before) {
        return MeaningfulRanges.beginsWith(family, before) || ordered.keeps(family, before);
    }

    private boolean isInverted(IpFamily family, String before) {
        return inverted.computeIfAbsent(family + " bit " + before, text -> hash.of(text)[0] < 0);
    }
}
