package io.fairlead.agent.xtables;

import io.fairlead.linux.netlink.MessageReader;

/** Opens the reader of iptables' tables in nf_tables to the fuzz tests. */
public final class XtablesReading {
    private XtablesReading() {}

    /** Reads each message as each kind of object. */
    public static void read(MessageReader message) {
        while (message.next()) {
            TableDump.chain(message, "filter");
            TableDump.rule(message);
            TableDump.verdictMap(message);
            TableDump.targets(message);
        }
    }
}
