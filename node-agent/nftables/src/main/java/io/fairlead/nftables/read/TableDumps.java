package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.Dump;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads objects of nf_tables through one socket. */
public final class TableDumps {
    private static final int NFTA_GEN_ID = 1;
    private static final int REQUEST = 1 << 10;

    /**
     * The number of the attribute for the table's name, which is the same for sets, elements, chains, rules, objects
     * and flowtables.
     */
    private static final int TABLE = 1;
    /** The number of the attribute for the set's name, NFTA_SET_ELEM_LIST_SET. */
    private static final int SET = 2;

    private final NetlinkSocket socket;
    private final ByteBuffer buffer;
    private final MessageWriter request = MessageWriter.direct(REQUEST);
    private final Dump dump;
    private int sequence;

    /** Creates an instance for a socket, with a direct buffer of {@link NetlinkSocket#DATAGRAM} bytes. */
    TableDumps(NetlinkSocket socket, ByteBuffer buffer) {
        this.socket = socket;
        this.buffer = buffer;
        this.dump = new Dump(socket, buffer);
    }

    /**
     * Passes each object of a kind to {@code each}.
     *
     * @param message the type of the request, NFT_MSG_GET*
     * @param table the name of the table; "" for all tables of the family. It must be "" for the kinds of objects that
     *     the kernel cannot select by table
     * @param set the name of the set whose elements are read; "" for other kinds of objects
     * @throws RulesetChangedException if the ruleset changed during the dump, so objects may be missing
     */
    void run(int message, IpFamily family, String table, String set, Consumer<MessageReader> each) {
        run(message, family == IpFamily.IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6, table, set, each);
    }

    /**
     * Passes each object of a kind to {@code each}, like the other method.
     *
     * @param family NFPROTO_*; 0 for the objects of all families
     */
    public void run(int message, int family, String table, String set, Consumer<MessageReader> each) {
        begin(message, Netlink.NLM_F_DUMP, family);
        if (!table.isEmpty()) {
            request.string(TABLE, table);
        }
        if (!set.isEmpty()) {
            request.string(SET, set);
        }
        request.end();
        if (dump.run(request.written(), sequence, each) == Dump.End.INTERRUPTED) {
            throw new RulesetChangedException();
        }
    }

    private void begin(int message, int flags, int family) {
        sequence++;
        request.clear()
                .beginNetfilter(
                        Netlink.type(Netlink.NF_TABLES, message), Netlink.NLM_F_REQUEST | flags, sequence, family, 0);
    }

    /** Returns the ruleset's generation: a number that changes with each transaction in the network namespace. */
    public long generation() {
        begin(NFT_MSG_GETGEN, 0, 0);
        request.end();
        socket.send(request.written());
        while (socket.receive(buffer) == Received.DATAGRAM) {
            MessageReader reader = new MessageReader(buffer);
            while (reader.next()) {
                if (reader.sequence() == sequence && !reader.isLast()) {
                    return generation(reader.netfilterAttributes());
                }
                if (reader.sequence() == sequence) {
                    throw new NetlinkException(
                            "nf_tables does not report its generation: "
                                    + socket.errorText(reader.acknowledgement().errno()),
                            reader.acknowledgement().errno());
                }
            }
        }
        throw new NetlinkException(
                "the kernel did not answer the query for the generation of nf_tables in time", Errno.ETIMEDOUT);
    }

    private static long generation(Attributes attributes) {
        while (attributes.next()) {
            if (attributes.type() == NFTA_GEN_ID) {
                return Integer.toUnsignedLong(attributes.u32());
            }
        }
        return 0;
    }
}
