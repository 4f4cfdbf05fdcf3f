package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the netlink messages with which nf_tables reports changes (linux/netfilter/nf_tables.h; unchanged since kernel
 * 4.9).
 */
final class NetfilterMessages {
    private static final int NEW_CHAIN = 3;
    private static final int DELETE_CHAIN = 5;
    private static final int NEW_RULE = 6;
    private static final int DELETE_RULE = 8;
    private static final int NEW_GENERATION = 15;
    private static final int GET_GENERATION = 16;

    /**
     * The message types that report a deletion: NFT_MSG_DEL of a table, chain, rule, set, element, object and
     * flowtable.
     */
    private static final Set<Integer> GOING = Set.of(2, DELETE_CHAIN, DELETE_RULE, 11, 14, 20, 24);

    /** The number of the family ip (NFPROTO_IPV4). */
    private static final int IPV4 = 2;
    /** The number of the family ip6 (NFPROTO_IPV6). */
    private static final int IPV6 = 10;

    /**
     * The attribute NFTA_GEN_ID. In every message about an object, the attribute with the same number is the name of
     * the table.
     */
    private static final int FIRST = 1;
    /** The attribute NFTA_GEN_PROC_PID: the number of the process. */
    private static final int PROCESS = 2;
    /** The attribute NFTA_GEN_PROC_NAME: the name of the process. */
    private static final int PROCESS_NAME = 3;
    /** The attribute NFTA_RULE_CHAIN: the chain of a rule. */
    private static final int CHAIN_OF_RULE = 2;
    /** The attribute NFTA_CHAIN_NAME: the name of a chain. */
    private static final int CHAIN_NAME = 3;

    private NetfilterMessages() {}

    /** The content of a netlink message. */
    sealed interface Message {
        /**
         * The end of a transaction. The generation of the ruleset is the number of this transaction.
         *
         * @param id the generation
         * @param program the name of the process that sent the transaction; "" if the kernel does not report it
         * @param processId the number of that process; 0 if the kernel does not report it
         */
        record Generation(long id, String program, long processId) implements Message {}

        /** The addition or deletion of an object in a table. */
        record Changed(TableEvent event) implements Message {}

        /** A message that Fairlead does not need. */
        record Other() implements Message {}
    }

    /** Writes a request for the current generation of the ruleset. */
    static void requestGeneration(MessageWriter out, int sequence) {
        out.beginNetfilter(Netlink.type(Netlink.NF_TABLES, GET_GENERATION), Netlink.NLM_F_REQUEST, sequence, 0, 0);
        out.end();
    }

    /**
     * Parses a message.
     *
     * @throws io.fairlead.linux.netlink.MalformedMessageException if the message is malformed
     */
    static Message read(MessageReader message) {
        if (message.type() >> Byte.SIZE != Netlink.NF_TABLES) {
            return new Message.Other();
        }
        int what = message.type() & 0xff;
        return what == NEW_GENERATION ? generation(message.netfilterAttributes()) : changed(what, message);
    }

    private static Message changed(int what, MessageReader message) {
        int nameOfChain = switch (what) {
            case NEW_CHAIN, DELETE_CHAIN -> CHAIN_NAME;
            case NEW_RULE, DELETE_RULE -> CHAIN_OF_RULE;
            default -> 0;
        };
        String table = "";
        String chain = "";
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == FIRST) {
                table = attributes.string();
            } else if (attributes.type() == nameOfChain) {
                chain = attributes.string();
            }
        }
        return table.isEmpty()
                ? new Message.Other()
                : new Message.Changed(new TableEvent(family(message.family()), table, chain, GOING.contains(what)));
    }

    private static Message generation(Attributes attributes) {
        long id = -1;
        String program = "";
        long processId = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case FIRST -> id = Integer.toUnsignedLong(attributes.u32());
                case PROCESS -> processId = Integer.toUnsignedLong(attributes.u32());
                case PROCESS_NAME -> program = attributes.string();
                default -> {}
            }
        }
        return id < 0 ? new Message.Other() : new Message.Generation(id, program, processId);
    }

    private static Optional<IpFamily> family(int number) {
        return switch (number) {
            case IPV4 -> Optional.of(IpFamily.IPV4);
            case IPV6 -> Optional.of(IpFamily.IPV6);
            default -> Optional.empty();
        };
    }
}
