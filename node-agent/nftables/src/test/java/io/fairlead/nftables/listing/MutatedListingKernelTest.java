package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.nft.ListedTables;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import io.fairlead.linux.process.Command;
import io.fairlead.nft.fixture.TestNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Changes bytes of the kernel's messages about tables of other programs. The only exception that a change may cause is
 * {@link MalformedMessageException}.
 */
@Tag("kernel")
class MutatedListingKernelTest {
    /** The number of changed messages. For a longer run, use {@code -Dfuzz.mutations=10000000 -Dfuzz.seed=1}. */
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 50_000);

    private static final long SEED = Long.getLong("fuzz.seed", 42);
    private static final int TEXTS = 500;

    private final Map<Integer, List<byte[]>> messages = new TreeMap<>();
    private NetlinkSocket socket;
    private int sequence;

    private void dump(int message, int family, String table, String set) {
        MessageWriter request = MessageWriter.direct(1_024);
        sequence++;
        request.beginNetfilter(
                Netlink.type(Netlink.NF_TABLES, message),
                Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP,
                sequence,
                family,
                0);
        if (!table.isEmpty()) {
            request.string(NFTA_SET_ELEM_LIST_TABLE, table);
            request.string(NFTA_SET_ELEM_LIST_SET, set);
        }
        request.end();
        socket.send(request.written());
        ByteBuffer buffer = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
        while (true) {
            assertThat(socket.receive(buffer)).isEqualTo(Received.DATAGRAM);
            buffer.order(ByteOrder.nativeOrder());
            int at = 0;
            while (at < buffer.limit()) {
                byte[] each = new byte[buffer.getInt(at)];
                buffer.get(at, each);
                MessageReader reader = reader(each);
                if (reader.isLast()) {
                    return;
                }
                messages.computeIfAbsent(reader.type() & 0xff, _ -> new ArrayList<>())
                        .add(each);
                at += each.length + 3 & -4;
            }
        }
    }

    private void record(TestNamespace namespace) throws IOException {
        namespace.output("ip", "link", "set", "lo", "up");
        namespace.output("ip", "link", "add", "nd0", "type", "veth", "peer", "name", "nd1");
        namespace.load(resource("tables.nft"));
        StringBuilder input = new StringBuilder();
        resource("rules.txt")
                .lines()
                .filter(line -> line.startsWith("i"))
                .forEach(line -> input.append("add rule ")
                        .append(
                                line.startsWith("inet")
                                        ? "inet ti c_"
                                        : line.startsWith("ip6") ? "ip6 t6 c_" : "ip t c_")
                        .append(line.split(" +# ", 2)[0])
                        .append('\n'));
        namespace.runner().run(Command.of("nft", "-i").withInput(input.toString()));
        Libc libc = Libc.load();
        try (NetlinkSocket opened =
                NetlinkSocket.open(libc, NetworkNamespace.of(libc, namespace.name()), Netlink.NETFILTER)) {
            socket = opened;
            for (int message :
                    List.of(NFT_MSG_GETTABLE, NFT_MSG_GETSET, NFT_MSG_GETOBJ, NFT_MSG_GETCHAIN, NFT_MSG_GETRULE)) {
                dump(message, 0, "", "");
            }
            for (RulesetListing.SetOf set : whole().sets()) {
                dump(NFT_MSG_GETSETELEM, set.family(), set.table(), set.set());
            }
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(MutatedListingKernelTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static MessageReader reader(byte[] message) {
        MessageReader reader = new MessageReader(ByteBuffer.wrap(message));
        if (!reader.next()) {
            throw new MalformedMessageException("no message");
        }
        return reader;
    }

    private RulesetListing whole() {
        RulesetListing listing = new RulesetListing(_ -> "");
        for (int type : List.of(NFT_MSG_NEWTABLE, NFT_MSG_NEWSET, NFT_MSG_NEWSETELEM, NFT_MSG_NEWCHAIN)) {
            messages.getOrDefault(type, List.of()).forEach(message -> add(listing, type, reader(message)));
        }
        return listing;
    }

    private static void add(RulesetListing listing, int type, MessageReader message) {
        switch (type) {
            case NFT_MSG_NEWTABLE -> listing.table(message);
            case NFT_MSG_NEWSET -> listing.set(message);
            case NFT_MSG_NEWCHAIN -> listing.chain(message);
            case NFT_MSG_NEWRULE -> listing.rule(message);
            case NFT_MSG_NEWSETELEM -> {
                for (RulesetListing.SetOf set : listing.sets()) {
                    if (set.set().equals(name(message))) {
                        listing.elements(set, message);
                    }
                }
            }
            default -> listing.object(message);
        }
    }

    private static String name(MessageReader message) {
        var attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_SET) {
                return attributes.string();
            }
        }
        return "";
    }

    @Test
    void throwNothingButTheExceptionOfTheCodec() throws IOException {
        try (TestNamespace namespace = TestNamespace.open()) {
            record(namespace);
        }
        List<Integer> types = List.copyOf(messages.keySet());
        Random random = new Random(SEED);
        RulesetListing listing = whole();
        int malformed = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            int type = types.get(random.nextInt(types.size()));
            byte[] bad = messages.get(type)
                    .get(random.nextInt(messages.get(type).size()))
                    .clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int at = 16 + random.nextInt(bad.length - 16);
                bad[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bad[at] ^ 1 << random.nextInt(8));
            }
            try {
                add(listing, type, reader(bad));
                if (i % TEXTS == 0) {
                    ListedTables.read(listing.text(), Origin.KERNEL);
                    listing = whole();
                }
            } catch (MalformedMessageException _) {
                malformed++;
            } catch (RuntimeException e) {
                throw new AssertionError("mutation " + i + " of a message of type " + type, e);
            }
        }
        System.out.printf("%d mutated messages, %d of them malformed%n", MUTATIONS, malformed);
        assertThat(malformed).isBetween(MUTATIONS / 100, MUTATIONS * 19 / 20);
    }
}
