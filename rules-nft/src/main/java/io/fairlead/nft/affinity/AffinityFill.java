package io.fairlead.nft.affinity;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RememberedClients;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The number of clients in affinity maps. A table is listed from time to time anyway; its clients are only counted, not
 * parsed.
 */
public final class AffinityFill {
    /**
     * Matches a map up to its elements: "map aff-... { type ...; size 65536; flags dynamic,timeout; timeout 3h; comment
     * "ns/name:port"".
     */
    private static final Pattern MAP = Pattern.compile(
            "\\n\\s*map aff-\\S+ \\{[^{}]*?\\bsize (\\d+)[^{}]*?(?:comment \"([^\"]*)\"\\s*)?(?:elements = \\{([^}]*)\\}\\s*)?\\}");

    private AffinityFill() {}

    /**
     * Returns the fullest map of a table from the output of {@code nft list table}; empty if no Service has affinity.
     */
    public static Optional<RememberedClients> fullest(IpFamily family, String listing) {
        Matcher map = MAP.matcher(listing);
        return map.results()
                .map(found -> new RememberedClients(
                        found.group(2) == null ? "" : found.group(2),
                        family,
                        elements(found.group(3)),
                        Integer.parseInt(found.group(1))))
                .max(Comparator.comparingDouble(RememberedClients::fill));
    }

    private static int elements(@Nullable String listed) {
        return listed == null
                ? 0
                : (int) listed.chars().filter(letter -> letter == ',').count() + 1;
    }
}
