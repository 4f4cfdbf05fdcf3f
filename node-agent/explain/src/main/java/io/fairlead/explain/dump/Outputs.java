package io.fairlead.explain.dump;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.dump.Dump.Listing;
import io.fairlead.explain.dump.Dump.Save;
import io.fairlead.explain.dump.Dump.Variant;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.ReadException;
import io.fairlead.explain.routing.IpOutput;
import io.fairlead.explain.routing.Routing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The outputs of the tools that show what a kernel holds, each under the name of a file. A live node and a bundle of
 * files hold the same outputs, so that both give the same answers.
 */
public record Outputs(SortedMap<String, String> texts) {
    /** The file name for the rules of nftables. */
    public static final String NFT = "rules/nft.txt";

    /** The file name for the interfaces with their addresses. */
    public static final String ADDRESSES = "network/addresses.json";

    /** The file name for the connections. */
    public static final String CONNECTIONS = "conntrack.txt";

    /** The folder for the lists of iptables' match "recent". Each list has the addresses of clients. */
    public static final String REMEMBERED = "recent/";

    private static final Pattern CLIENT = Pattern.compile("src=(\\S+) .*");

    /** Copies the texts. */
    public Outputs {
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /** Returns the file name for an output of iptables-save, for example "rules/ip6tables-legacy-save.txt". */
    static String save(String program) {
        return "rules/" + program + ".txt";
    }

    /** Returns the file name for an output of ip, for example "network/route-4.json". */
    static String network(String what) {
        return "network/" + what + ".json";
    }

    /**
     * Parses all texts. Rules have the origin {@link Origin#KERNEL}, so that messages name them by their handles.
     *
     * @param source the text before the file name in messages, for example "bundle.tar.gz/"; "" for a live node
     * @throws DumpException if a text is not what its name says
     */
    public Dump dump(String source) {
        List<Save> saves = new ArrayList<>();
        List<Listing> listings = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        SortedMap<String, List<Ip>> remembered = new TreeMap<>();
        Routing routing = Routing.UNKNOWN;
        for (Map.Entry<String, String> output : texts.entrySet()) {
            String name = output.getKey();
            String text = output.getValue();
            String file = source + name;
            if (name.equals(NFT)) {
                listings.add(Tables.listing(text, Origin.KERNEL, file));
            } else if (name.startsWith("rules/ip")) {
                saves.add(save(name, text, file));
            } else if (name.startsWith("network/") && !text.isBlank()) {
                routing = routing.and(network(file, text));
            } else if (name.equals(CONNECTIONS)) {
                text.lines().map(Connection::parse).forEach(line -> line.ifPresent(connections::add));
            } else if (name.startsWith(REMEMBERED)) {
                remembered.put(name.substring(REMEMBERED.length()), clients(text));
            }
        }
        return new Dump(saves, listings, routing, connections, remembered);
    }

    private static Save save(String name, String text, String file) {
        IpFamily family = name.contains("/ip6tables") ? IpFamily.IPV6 : IpFamily.IPV4;
        boolean legacy = name.contains("-legacy-") || (!name.contains("-nft-") && !text.contains("nf_tables"));
        return Tables.save(family, legacy ? Variant.LEGACY : Variant.NFT, text, Origin.KERNEL, file);
    }

    private static Routing network(String file, String text) {
        try {
            return IpOutput.read(text);
        } catch (ReadException e) {
            throw new DumpException(file, 1, e);
        }
    }

    /**
     * Returns the clients in a list of xt_recent. The list has a line for each client, for example "src=192.0.2.7 ttl:
     * 64 last_seen: ...".
     */
    static List<Ip> clients(String text) {
        List<Ip> clients = new ArrayList<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            var matcher = CLIENT.matcher(line);
            if (matcher.matches()) {
                try {
                    clients.add(Ip.parse(matcher.group(1)));
                } catch (IllegalArgumentException _) {
                    // A line of a later kernel in another form names no client.
                }
            }
        }
        return clients;
    }
}
