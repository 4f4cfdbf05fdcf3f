package io.fairlead.nft.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Refusal;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.text.AffinityText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AffinityCleanupTest {
    private static final String HASH = "AAAAAAAAAAAAAAAA";

    /** A kernel that returns the listings and answers that the test defines. */
    private static final class Script implements Nftables {
        private final Map<String, String> listings;
        private final Queue<Answer> answers;
        private final List<String> applied = new ArrayList<>();

        Script(Map<String, String> listings, Answer... answers) {
            this.listings = listings;
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        @Override
        public Answer apply(Transaction transaction) {
            applied.add(transaction.text());
            return answers.remove();
        }

        @Override
        public Optional<ReadTable> read(IpFamily family) {
            throw new AssertionError("the whole table is too much");
        }

        @Override
        public Optional<List<Client>> clients(IpFamily family, SetName map) {
            return Optional.ofNullable(listings.get(map.text())).map(AffinityText::clients);
        }
    }

    @Test
    void clientsOfRemovedEndpointsGoAndOthersStay() {
        Script kernel = new Script(Map.of("aff-" + HASH, """
                        table ip kube-proxy {
                        	map aff-%s {
                        		type ipv4_addr : ipv4_addr . inet_service
                        		size 65536
                        		flags dynamic,timeout
                        		timeout 3h
                        		elements = { 203.0.113.9 expires 2h59m58s180ms : 10.244.1.11 . 8080,
                        			     203.0.113.10 timeout 5m expires 4m : 10.244.1.12 . 8080,
                        			     203.0.113.11 : 10.244.1.11 . 9090 }
                        	}
                        }
                        """.formatted(HASH)), new Nftables.Answer.Done());

        new AffinityCleanup(kernel).after(removing(IpFamily.IPV4, "live-" + HASH, "10.244.1.11:8080"));

        assertThat(kernel.applied)
                .containsExactly("delete element ip kube-proxy aff-" + HASH + " {\n203.0.113.9,\n}\n");
    }

    @Test
    void inIpv6AddressAndPortAreInTwoMaps() {
        String map =
                "table ip6 kube-proxy {\n\tmap m {\n\t\telements = { 2001:db8::9 : %s, 2001:db8::a : %s }\n\t}\n}\n";
        Script kernel = new Script(
                Map.of(
                        "aff-local-" + HASH, map.formatted("fd00::11", "fd00::11"),
                        "affport-local-" + HASH, map.formatted("8080", "9090")),
                new Nftables.Answer.Done());

        new AffinityCleanup(kernel).after(removing(IpFamily.IPV6, "live-local-" + HASH, "[fd00::11]:8080"));

        assertThat(kernel.applied)
                .containsExactly("delete element ip6 kube-proxy aff-local-" + HASH + " {\n2001:db8::9,\n}\n"
                        + "delete element ip6 kube-proxy affport-local-" + HASH + " {\n2001:db8::9,\n}\n");
    }

    @Test
    void anEntryThatExpiresInBetweenIsBorne() {
        Nftables.Answer gone =
                Refusal.read("Error: Could not process rule: No such file or directory", new Transaction(List.of()));
        Map<String, String> listings = Map.of("aff-" + HASH, "elements = { 203.0.113.9 : 10.244.1.11 . 8080 }");
        Script once = new Script(listings, gone, new Nftables.Answer.Done());
        new AffinityCleanup(once).after(removing(IpFamily.IPV4, "live-" + HASH, "10.244.1.11:8080"));
        assertThat(once.applied).hasSize(2);

        Script always = new Script(listings, gone, gone, gone);
        new AffinityCleanup(always).after(removing(IpFamily.IPV4, "live-" + HASH, "10.244.1.11:8080"));
        assertThat(always.applied).as("the rest is the rules' matter").hasSize(3);
    }

    @Test
    void nothingIsListedUnlessAStickyPoolLosesAnEndpoint() {
        Script kernel = new Script(Map.of());
        new AffinityCleanup(kernel).after(removing(IpFamily.IPV4, "hairpin", "10.244.1.11:8080"));
        new AffinityCleanup(kernel).after(removing(IpFamily.IPV4, "live-" + HASH, "10.244.1.11:8080"));
        assertThat(kernel.applied).isEmpty();
    }

    @Test
    void aListingThatFailsDoesNotMatter() {
        assertDoesNotMatter(
                new ApplyFailedException(ApplyFailedException.Kind.TIMED_OUT, "too long", "", List.of(), List.of()));
    }

    @Test
    void aProgramThatDisappearedDoesNotMatter() {
        assertDoesNotMatter(new ProgramMissingException("nft", new IOException("no such file")));
    }

    private static void assertDoesNotMatter(RuntimeException failure) {
        Nftables kernel = new Nftables() {
            @Override
            public Answer apply(Transaction transaction) {
                throw new AssertionError(transaction.text());
            }

            @Override
            public Optional<ReadTable> read(IpFamily family) {
                throw new AssertionError("not the table");
            }

            @Override
            public Optional<List<Client>> clients(IpFamily family, SetName map) {
                throw failure;
            }
        };
        new AffinityCleanup(kernel).after(removing(IpFamily.IPV4, "live-" + HASH, "10.244.1.11:8080"));
        assertThat(RemovedEndpoints.of(removing(IpFamily.IPV4, "live-" + HASH, "10.244.1.11:8080")))
                .as("it was asked for")
                .hasSize(1);
    }

    private static TableChange removing(IpFamily family, String set, String... endpoints) {
        NamedSet live = new NamedSet(new SetName(set), new SetType.Sockets(), Comment.NONE, List.of());
        List<Element> elements = Stream.of(endpoints)
                .map(endpoint -> Element.of(new ElementKey.Socket(IpPort.parse(endpoint))))
                .toList();
        return new TableChange(family, List.of(new Operation.DeleteElements(live, elements)), List.of());
    }
}
