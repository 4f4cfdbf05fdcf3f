package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableAssemblyTest {
    /**
     * The number of mutated messages. For a run of some minutes, use {@code -Dfuzz.mutations=10000000 -Dfuzz.seed=1}.
     */
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 100_000);

    /** The number of mutated dumps of whole tables. */
    private static final int DUMPS = MUTATIONS / 50;

    private static final long SEED = Long.getLong("fuzz.seed", 42);

    private final NftLayout layout = new NftLayout();

    static Stream<String> scenarios() {
        return Plans.scenarios().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void readsWhatWasWritten(String name) {
        assertRead(Plans.scenarios().get(name));
    }

    @Test
    void readsRandomClusters() {
        Seeds.each(
                12,
                seed -> assertRead(RandomCluster.of(seed, ProxyMode.NFTABLES).plan()));
    }

    private void assertRead(Plan plan) {
        NftRuleset written = layout.render(plan);
        byte[] dump = dump(written);
        for (IpFamily family : IpFamily.values()) {
            Table table = written.table(family);
            Optional<Table> read = WrittenTable.read(dump, family).map(ReadTable::table);
            assertThat(read.map(TableText::write))
                    .isEqualTo(Optional.ofNullable(table).map(TableText::write));
            assertThat(read).isEqualTo(Optional.ofNullable(table));
        }
    }

    private byte[] dump(NftRuleset rules) {
        return WrittenTable.dump(layout.diff(NftRuleset.NONE, rules).transaction());
    }

    /** Mutations may change lengths too, so a message can begin inside another message. */
    @Test
    void mutatedDumpsThrowNothingButTheExceptionOfTheCodec() {
        byte[] good = dump(layout.render(Plans.scenarios().get("affinity")));
        Optional<ReadTable> right = WrittenTable.read(good, IpFamily.IPV4);
        Random random = new Random(SEED - 1);
        int malformed = 0;
        int different = 0;
        for (int i = 0; i < DUMPS; i++) {
            byte[] bad = mutated(good, random);
            try {
                if (!WrittenTable.read(bad, IpFamily.IPV4).equals(right)) {
                    different++;
                }
            } catch (MalformedMessageException _) {
                malformed++;
            } catch (RuntimeException e) {
                throw new AssertionError("mutation " + i, e);
            }
        }
        assertThat(malformed).isPositive();
        assertThat(different).isPositive();
    }

    /**
     * Mutates one message at a time: a set, elements, a chain or a rule. This is faster than mutating a whole dump. The
     * sets that a rule uses are not mutated.
     */
    @Test
    void mutatedMessagesThrowNothingButTheExceptionOfTheCodec() {
        List<byte[]> messages = new ArrayList<>();
        for (String scenario : List.of("affinity", "load-balancer-ranges", "bridge-interface")) {
            messages.addAll(
                    WrittenTable.messages(dump(layout.render(Plans.scenarios().get(scenario))), IpFamily.IPV4));
        }
        Map<String, RawSet> sets = new HashMap<>();
        for (byte[] message : messages) {
            MessageReader reader = reader(message);
            if (type(reader) == NFT_MSG_NEWSET) {
                RawSet set = RawSet.read(reader, Table.NAME);
                sets.put(set.name(), set);
            }
        }
        Random random = new Random(SEED);
        int malformed = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = mutated(messages.get(random.nextInt(messages.size())), random);
            try {
                read(reader(bad), sets);
            } catch (MalformedMessageException _) {
                malformed++;
            } catch (RuntimeException e) {
                throw new AssertionError("mutation " + i, e);
            }
        }
        assertThat(malformed).isBetween(MUTATIONS / 20, MUTATIONS * 19 / 20);
    }

    private static void read(MessageReader message, Map<String, RawSet> sets) {
        TableAssembly table = new TableAssembly(IpFamily.IPV4, Table.NAME, WrittenTable.TEXT);
        switch (type(message)) {
            case NFT_MSG_NEWSET -> table.set(message);
            case NFT_MSG_NEWSETELEM -> {
                SetAssembly set = new SetAssembly(sets.get(setName(message, sets)), IpFamily.IPV4, WrittenTable.TEXT);
                Attributes attributes = message.netfilterAttributes();
                while (attributes.next()) {
                    if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                        Attributes elements = attributes.nested();
                        while (elements.next()) {
                            set.add(elements.nested());
                        }
                    }
                }
                set.build();
            }
            case NFT_MSG_NEWRULE -> {
                ChainAssembly chain = ChainAssembly.read(message, "", IpFamily.IPV4);
                ChainAssembly some = chain == null ? ChainAssembly.empty("some", IpFamily.IPV4) : chain;
                some.add(message, sets, WrittenTable.TEXT);
            }
            case NFT_MSG_NEWTABLE -> table.table(message);
            default -> table.chain(message);
        }
        table.build();
    }

    /**
     * Returns the name of the set to which a message adds elements. If the name is mutated, returns the name of any
     * set.
     */
    private static String setName(MessageReader message, Map<String, RawSet> sets) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_SET && sets.containsKey(attributes.string())) {
                return attributes.string();
            }
        }
        return sets.keySet().iterator().next();
    }

    private static MessageReader reader(byte[] message) {
        MessageReader reader = new MessageReader(ByteBuffer.wrap(message));
        if (!reader.next()) {
            throw new MalformedMessageException("no message");
        }
        return reader;
    }

    private static int type(MessageReader message) {
        return message.type() & 0xff;
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bad = good.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bad.length);
            bad[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bad[at] ^ 1 << random.nextInt(8));
        }
        return bad;
    }
}
