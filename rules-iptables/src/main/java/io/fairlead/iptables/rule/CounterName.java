package io.fairlead.iptables.rule;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of an nfacct object. An nfacct object is a packet counter in the kernel; all rules that name it share it.
 * The kernel stores at most 31 characters of the name and cuts off the rest.
 */
public record CounterName(String text) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,30}");

    /** Counts packets that were dropped because their conntrack state is INVALID (CT-16). */
    public static final CounterName INVALID_DROPPED = new CounterName("ct_state_invalid_dropped_pkts");

    /** Counts packets that open a connection to a node port on 127.0.0.0/8 (NP-21). */
    public static final CounterName LOCALHOST_NODE_PORTS = new CounterName("localhost_nps_accepted_pkts");

    /** The counters that Fairlead's rules name. */
    public static final List<CounterName> OURS = List.of(INVALID_DROPPED, LOCALHOST_NODE_PORTS);

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if iptables would not parse the name as one word, or if the kernel would cut off
     *     a part of the name
     */
    public CounterName {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("not a counter name: \"" + text + "\"");
        }
    }
}
