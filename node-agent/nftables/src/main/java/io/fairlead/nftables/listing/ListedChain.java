package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nftables.read.UserDataReader;
import java.util.ArrayList;
import java.util.List;

/** A chain of any program, with the texts of its rules. */
final class ListedChain {
    private static final int NFTA_CHAIN_HANDLE = 2;
    private static final int NFTA_HOOK_DEV = 3;
    private static final int NFTA_HOOK_DEVS = 4;
    private static final int NETDEV = 5;
    private static final int ARP = 3;
    private static final String[] HOOKS = {"prerouting", "input", "forward", "output", "postrouting", "ingress"};
    private static final String[] HOOKS_OF_ARP = {"input", "output"};
    private static final String[] HOOKS_OF_NETDEV = {"ingress", "egress"};
    private static final List<String> TYPES = List.of("filter", "nat", "route");

    private String name = "";
    private long handle;
    private boolean base;
    private int hook;
    private int priority;
    private int policy = NF_ACCEPT;
    private String type = "";
    private String comment = "";
    private final List<String> devices = new ArrayList<>();
    private final List<String> rules = new ArrayList<>();

    /** Creates a chain from a message NFT_MSG_NEWCHAIN. */
    ListedChain(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_CHAIN_NAME -> name = attributes.string();
                case NFTA_CHAIN_HANDLE -> handle = attributes.u64();
                case NFTA_CHAIN_HOOK -> hook(attributes.nested());
                case NFTA_CHAIN_POLICY -> policy = attributes.u32();
                case NFTA_CHAIN_TYPE -> type = attributes.string();
                case NFTA_CHAIN_USERDATA -> comment = UserDataReader.text(attributes.bytes(), UserDataReader.COMMENT);
                default -> {}
            }
        }
    }

    private void hook(Attributes attributes) {
        base = true;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_HOOK_HOOKNUM -> hook = attributes.u32();
                case NFTA_HOOK_PRIORITY -> priority = attributes.u32();
                case NFTA_HOOK_DEV -> device(attributes.string());
                case NFTA_HOOK_DEVS -> {
                    Attributes each = attributes.nested();
                    while (each.next()) {
                        device(each.string());
                    }
                }
                default -> {}
            }
        }
    }

    /** Adds a device. The kernel sends a single device in both attributes. */
    private void device(String device) {
        if (!devices.contains(device)) {
            devices.add(device);
        }
    }

    String name() {
        return name;
    }

    void add(String rule) {
        rules.add(rule);
    }

    /**
     * Writes the chain. If the hook or the type of the chain is unknown, the chain is written without its hook, and the
     * unknown value is counted.
     */
    void write(int family, Tally tally, StringBuilder out) {
        out.append("\tchain ")
                .append(Words.name(name))
                .append(" { # handle ")
                .append(handle)
                .append('\n');
        if (!comment.isEmpty()) {
            out.append("\t\tcomment ").append(Words.quoted(comment)).append('\n');
        }
        if (base) {
            String[] names = family == NETDEV ? HOOKS_OF_NETDEV : family == ARP ? HOOKS_OF_ARP : HOOKS;
            if (hook < 0 || hook >= names.length) {
                tally.unknown("hook-" + hook);
            } else if (!TYPES.contains(type)) {
                tally.unknown("type-" + type);
            } else {
                out.append("\t\ttype ").append(type).append(" hook ").append(names[hook]);
                if (devices.size() == 1) {
                    out.append(" device ").append(Words.quoted(devices.getFirst()));
                } else if (!devices.isEmpty()) {
                    out.append(" devices = { ")
                            .append(String.join(
                                    ", ", devices.stream().map(Words::quoted).toList()))
                            .append(" }");
                }
                out.append(" priority ").append(priority).append("; policy ");
                out.append(policy == NF_DROP ? "drop" : "accept").append(";\n");
            }
        }
        rules.forEach(rule -> out.append("\t\t").append(rule).append('\n'));
        out.append("\t}\n");
    }
}
