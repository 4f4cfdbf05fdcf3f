package io.fairlead.doctor;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.NodeRules;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a node. A check whose facts are missing reports nothing.
 *
 * @param mode the mode of the proxy
 * @param kernel the release of the kernel: "6.1.0-13-amd64"; "" if it is not known
 * @param versions for the name of each tool: its version, as the tool prints it
 * @param settings the kernel's settings, with names as sysctl(8) writes them
 * @param trial for each feature that was tried: "works", or the reason why not
 * @param conntrack the sums of conntrack's counters over all processors
 * @param recentTotal the number of clients that a list of xt_recent can remember; empty if it is not known
 * @param virtualServers for each virtual server of IPVS: the name of its scheduler
 * @param programs the programs on the node that concern rules
 * @param clock the time of the node; null if it is not known
 * @param clockSource the clock that the kernel reads; "" if it is not known
 * @param lengths for each mode: the number of rules that a proxy in this mode has
 * @param cluster the objects; null if none are given
 */
public record Examined(
        ProxyMode mode,
        String kernel,
        Map<String, String> versions,
        SortedMap<String, String> settings,
        SortedMap<String, String> trial,
        List<Link> links,
        SortedMap<String, Long> conntrack,
        OptionalLong recentTotal,
        List<String> virtualServers,
        Set<String> programs,
        @Nullable Instant clock,
        String clockSource,
        Dump dump,
        NodeRules rules,
        Map<ProxyMode, Long> lengths,
        @Nullable Cluster cluster) {

    /** Copies the collections. */
    public Examined {
        versions = Map.copyOf(versions);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        trial = Collections.unmodifiableSortedMap(new TreeMap<>(trial));
        links = List.copyOf(links);
        conntrack = Collections.unmodifiableSortedMap(new TreeMap<>(conntrack));
        virtualServers = List.copyOf(virtualServers);
        programs = Set.copyOf(programs);
        lengths = Map.copyOf(lengths);
    }

    /** Returns a setting of the kernel that is a number; empty if it is missing. */
    OptionalLong setting(String name) {
        return number(settings.get(name));
    }

    static OptionalLong number(@Nullable String text) {
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /** Returns the version of a tool as numbers, "1.8.9" as 1, 8, 9; empty if it is not known. */
    Optional<Version> version(String tool) {
        return Optional.ofNullable(versions.get(tool)).flatMap(Version::find);
    }

    long length(ProxyMode of) {
        return lengths.getOrDefault(of, 0L);
    }
}
