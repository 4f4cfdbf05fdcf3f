package io.fairlead.nft.text;

import io.fairlead.core.net.Ip;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads affinity maps from listings of nft. {@link TableText#parse} ignores the elements of these maps. */
public final class AffinityText {
    private static final String ELEMENTS = "elements = {";

    /**
     * Matches a map with its elements: "map aff-... { type ...; timeout 3h; elements = { ... } }". Group 1 is the name
     * of the map, group 2 the text of the elements.
     */
    private static final Pattern MAP =
            Pattern.compile("\\n\\s*map (aff\\S+) \\{(?:[^{}\"]|\"[^\"]*\")*?(?:elements = \\{([^}]*)\\}\\s*)?\\}");

    /**
     * Matches an element such as "203.0.113.9 timeout 3h expires 2h59m : 10.244.1.11 . 8080". In IPv6, the data is only
     * an address or only a port.
     */
    private static final Pattern ELEMENT = Pattern.compile(
            "([0-9a-f.:]+)(?: timeout \\w+)?(?: expires \\w+)? : (?:([0-9a-f]*[.:][0-9a-f.:]+)(?: \\. (\\d+))?|(\\d+))");

    private AffinityText() {}

    /**
     * Returns the number of elements of each affinity map in the listing of a table. The elements are only counted, not
     * parsed.
     */
    public static Map<SetName, Integer> counts(String listing) {
        Map<SetName, Integer> counts = new HashMap<>();
        Matcher map = MAP.matcher(listing);
        while (map.find()) {
            counts.put(new SetName(map.group(1)), elements(map.group(2)));
        }
        return counts;
    }

    private static int elements(@Nullable String listed) {
        return listed == null
                ? 0
                : (int) listed.chars().filter(letter -> letter == ',').count() + 1;
    }

    /** Returns the clients in the listing of one map. */
    public static List<Client> clients(String listing) {
        List<Client> clients = new ArrayList<>();
        int start = listing.indexOf(ELEMENTS);
        if (start >= 0) {
            Matcher element = ELEMENT.matcher(listing).region(start + ELEMENTS.length(), listing.length());
            while (element.find()) {
                String port = element.group(3) == null ? element.group(4) : element.group(3);
                clients.add(new Client(
                        Ip.parse(element.group(1)),
                        Optional.ofNullable(element.group(2)).map(Ip::parse),
                        port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port))));
            }
        }
        return clients;
    }
}
