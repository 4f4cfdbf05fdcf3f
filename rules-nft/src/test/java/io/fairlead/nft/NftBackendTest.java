package io.fairlead.nft;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static io.fairlead.core.fixture.Notices.undeleted;
import static io.fairlead.nft.fixture.Sync.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Edit;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.Place;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Refusal;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.InMemoryNftables;
import io.fairlead.nft.text.TableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NftBackendTest {
    private static final String OF_HOOKS = "(add|flush) (chain|rule) ip6? kube-proxy ((filter|nat)-|\\w+-check\\b).*";

    private final InMemoryNftables memory = new InMemoryNftables();
    private final Backend<NftRuleset, NftChange> backend = new NftKernel(memory).backend();

    /** A kernel before 6.2. It refuses to delete an object together with the last reference to it. */
    private static final class OldKernel implements Nftables {
        private final Nftables kernel;
        private final List<String> carriedOut = new ArrayList<>();
        private boolean keepsChains;

        OldKernel(Nftables kernel) {
            this.kernel = kernel;
        }

        @Override
        public Answer apply(Transaction transaction) {
            String commands = transaction.text();
            if (commands.contains("delete chain") && (keepsChains || commands.contains("delete element"))) {
                return Refusal.read(
                        "/dev/stdin:9:1-2: Error: Could not process rule: Device or resource busy\n", transaction);
            }
            carriedOut.add(commands);
            return kernel.apply(transaction);
        }

        @Override
        public Optional<ReadTable> read(IpFamily family) {
            return kernel.read(family);
        }

        @Override
        public Optional<List<Client>> clients(IpFamily family, SetName map) {
            return kernel.clients(family, map);
        }
    }

    @Test
    void aRemovedEndpointIsReplacedByTheLastOne() {
        NftRuleset current = backend.layout().render(pods("10.244.1.1", "10.244.1.2", "10.244.1.3", "10.244.1.4"));
        NftRuleset desired = backend.layout().render(pods("10.244.1.1", "10.244.1.3", "10.244.1.4"));

        String text = backend.layout().diff(current, desired).text();

        assertThat(text).contains("""
                delete element ip kube-proxy tcp-endpoints {
                10.96.0.10 . 80 . 1,
                10.96.0.10 . 80 . 3,
                }
                """, """
                add element ip kube-proxy tcp-endpoints {
                10.96.0.10 . 80 . 1 : 10.244.1.4 . 8080,
                }
                """);
    }

    @Test
    void theOrderOfEndpointsIsNoDifference() {
        NftRuleset first = backend.layout().render(pods("10.244.1.1", "10.244.1.2", "10.244.1.3"));
        NftRuleset less = backend.layout().render(pods("10.244.1.2", "10.244.1.3"));
        NftRuleset fewer = backend.layout().after(first, backend.layout().diff(first, less));
        NftRuleset current = backend.layout().after(fewer, backend.layout().diff(fewer, first));

        assertThat(current).isNotEqualTo(first);
        assertThat(current.text()).contains("10.96.0.10 . 80 . 0 : 10.244.1.3 . 8080");
        assertThat(backend.layout().diff(current, first).isEmpty()).isTrue();
    }

    @Test
    void anExchangedEndpointIsOneElement() {
        NftChange change = backend.layout()
                .diff(
                        backend.layout().render(pods("10.244.1.1", "10.244.1.2")),
                        backend.layout().render(pods("10.244.1.1", "10.244.1.9")));

        assertThat(change.report().byOrigin().keySet()).extracting(Origin::text).containsExactly("default/web:http");
        assertThat(change.report().edits())
                .extracting(edit -> edit.sign().symbol() + " " + edit.text())
                .containsExactlyInAnyOrder(
                        "- 10.244.1.2 . 10.244.1.2 . tcp . 8080",
                        "+ 10.244.1.9 . 10.244.1.9 . tcp . 8080",
                        "- 10.96.0.10 . 80 . 1 : 10.244.1.2 . 8080",
                        "+ 10.96.0.10 . 80 . 1 : 10.244.1.9 . 8080");
    }

    @Test
    void aSharedPodStaysWhileAnotherServiceHasIt() {
        ServiceObject other = service("other", "10.96.0.20");
        Plan both =
                Plans.of(service("web", "10.96.0.10"), slice("web", "10.244.1.1"), other, slice("other", "10.244.1.1"));
        Plan one = Plans.of(service("web", "10.96.0.10"), slice("web", "10.244.1.1"), other);

        String text = backend.layout()
                .diff(backend.layout().render(both), backend.layout().render(one))
                .text();

        assertThat(text).contains("10.96.0.20 . 80 . 0").doesNotContain("kube-proxy hairpin");
    }

    @Test
    void aServiceThatLosesItsEndpointsIsRefusedInTheSameTransaction() {
        NftChange change = backend.layout()
                .diff(backend.layout().render(Plans.web(2)), backend.layout().render(Plans.web(0)));

        assertThat(change.text())
                .contains("delete element ip kube-proxy service-ips {\n10.96.0.10 . tcp . 80,\n}")
                .contains("add element ip kube-proxy no-endpoint-services {\n"
                        + "10.96.0.10 . tcp . 80 comment \"default/web:http\" : goto reject-chain,\n}");
    }

    /** nft stores 127 characters of a comment. Namespace, name and port can need 143 characters. */
    @Test
    void aNameThatIsTooLongForACommentIsReportedWhole() {
        ServiceName name = new ServiceName("n".repeat(63), "s".repeat(63));
        ServiceObject web = service("web", "10.96.0.10");
        ServiceObject service = new ServiceObject(
                name,
                web.type(),
                web.selection(),
                web.clusterIps(),
                web.ports(),
                web.externalIps(),
                web.loadBalancerIps(),
                web.loadBalancerSourceRanges(),
                web.internalTrafficPolicy(),
                web.externalTrafficPolicy(),
                new Affinity.ClientIp(60),
                0);
        SliceObject slice = slice("web", "10.244.1.1");
        ServiceObject other = but(service("other", "10.96.0.20")).sticky(60).done();
        SliceObject pods = slice("other", "10.244.1.2");
        NftRuleset desired = backend.layout()
                .render(Plans.of(
                        other,
                        pods,
                        service,
                        new SliceObject(name, slice.name(), slice.family(), slice.ports(), slice.endpoints())));

        NftChange change = backend.layout().diff(backend.layout().render(Plans.of(other, pods)), desired);

        Origin origin = new Origin.Port(new ServicePortName(name, "http", Protocol.TCP));
        assertThat(change.report().byOrigin().keySet()).containsExactly(origin);
        assertThat(change.transaction().at(0)).map(Place::origin).hasValue(origin);
        assertThat(backend.layout().diff(NftRuleset.NONE, desired).text())
                .contains("comment \"" + "n".repeat(63) + "/");
    }

    @Test
    void saysWhoseEveryLineIs() {
        NftChange change = backend.layout()
                .diff(backend.layout().render(Plans.of()), backend.layout().render(sticky()));
        List<String> lines = change.text().lines().toList();

        for (int i = 0; i < lines.size(); i++) {
            assertThat(change.transaction().at(i).orElseThrow().origin().text())
                    .as(lines.get(i))
                    .isEqualTo(lines.get(i).matches(OF_HOOKS) ? "node" : "default/web:http");
            if (lines.get(i).startsWith("add element")) {
                assertThat(lines.get(++i)).endsWith(",");
                assertThat(change.transaction().at(i).orElseThrow().origin().text())
                        .as(lines.get(i))
                        .isEqualTo("default/web:http");
            }
        }
        assertThat(lines).hasSizeGreaterThan(20);
        assertThat(change.transaction().at(lines.size())).isEmpty();
    }

    /** nft 1.1.7 prints the number of elements after the size of a set. */
    @Test
    void aNoteBehindTheSizeOfASetIsNoPartOfIt() {
        for (Table table : backend.layout().render(sticky()).tables().values()) {
            String plain = TableText.write(table);
            String noted = plain.replaceAll("(?m)^(\\s+size \\d+)$", "$1\t# count 8");

            assertThat(TableText.parse(noted)).isEqualTo(table);
            assertThat(noted.equals(plain)).isEqualTo(table.family() == IpFamily.IPV6);
        }
    }

    @Test
    void reportsWhatARemovalTakesAway() {
        NftRuleset rules = backend.layout().render(Plans.web(1));

        assertThat(backend.layout().removal(rules).text())
                .isEqualTo("delete table ip kube-proxy\ndelete table ip6 kube-proxy\n");
        assertThat(backend.layout().removal(rules).report().edits())
                .allSatisfy(edit -> assertThat(edit.sign()).isEqualTo(Edit.Sign.REMOVE))
                .extracting(Edit::text)
                .contains("10.96.0.10 . tcp . 80 comment \"default/web:http\" : goto cip", "jump services");
        assertThat(backend.layout().removal(NftRuleset.NONE).isEmpty()).isTrue();
    }

    @Test
    void anOldKernelGetsTheDeletionsAfterwards() {
        OldKernel kernel = new OldKernel(memory);
        Backend<NftRuleset, NftChange> old = new NftKernel(kernel).backend();
        sync(old, old.layout().render(sticky()));
        kernel.carriedOut.clear();

        NftChange change = sync(old, old.layout().render(Plans.web(2)));

        assertThat(kernel.carriedOut)
                .containsExactly(change.main().text(), change.tidy().text());
        assertThat(sync(old, old.layout().render(Plans.web(2))).isEmpty()).isTrue();
    }

    @Test
    void aDeletionThatFailsIsToldAndTheRulesAreRight() {
        OldKernel kernel = new OldKernel(memory);
        Backend<NftRuleset, NftChange> old = new NftKernel(kernel).backend();
        sync(old, old.layout().render(sticky()));
        kernel.keepsChains = true;

        NftChange change = sync(old, old.layout().render(Plans.web(2)));

        assertThat(undeleted(old)).isEqualTo(families(change));
        assertThat(old.layout()
                        .diff(old.kernel().read(), old.layout().render(Plans.web(2)))
                        .main()
                        .isEmpty())
                .isTrue();
        kernel.keepsChains = false;
        assertThat(sync(old, old.layout().render(Plans.web(2))).isEmpty()).isFalse();
        assertThat(undeleted(old)).isEmpty();
        assertThat(sync(old, old.layout().render(Plans.web(2))).isEmpty()).isTrue();
    }

    private static Set<IpFamily> families(NftChange change) {
        return change.tables().stream()
                .filter(table -> !table.tidy().isEmpty())
                .map(TableChange::family)
                .collect(Collectors.toSet());
    }

    @Test
    void aRefusalIsExplained() {
        sync(backend, backend.layout().render(pods("10.244.1.99")));
        NftChange change =
                backend.layout().diff(NftRuleset.NONE, backend.layout().render(Plans.web(1)));

        ApplyFailedException failure = catchThrowableOfType(
                ApplyFailedException.class, () -> backend.kernel().apply(change));

        assertThat(failure.kind()).isEqualTo(ApplyFailedException.Kind.EXISTS);
        assertThat(failure.linesAtFault()).containsExactly("10.96.0.10 . 80 . 0 : 10.244.1.10 . 8080,");
        assertThat(failure.atFault()).extracting(Origin::text).containsExactly("default/web:http");
    }

    @Test
    void anApplyThatTakesTooLongIsAFailure() {
        Backend<NftRuleset, NftChange> slow = new NftKernel(new Nftables() {
                    @Override
                    public Answer apply(Transaction transaction) {
                        return new Answer.TimedOut();
                    }

                    @Override
                    public Optional<ReadTable> read(IpFamily family) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<List<Client>> clients(IpFamily family, SetName map) {
                        return Optional.empty();
                    }
                })
                .backend();

        assertThatThrownBy(() -> sync(slow, slow.layout().render(Plans.web(1))))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ApplyFailedException.Kind.TIMED_OUT));
    }

    @Test
    void longNamesAreCutInComments() {
        String name = "s".repeat(63);
        ServiceObject base = but(service(name, "10.96.0.10"))
                .ports(new ServiceObject.Port("p".repeat(63), Protocol.TCP, 80, 0))
                .done();
        NftRuleset rules = backend.layout().render(Plans.of(base));

        assertThat(rules.text()).contains("default/" + name + ":" + "p".repeat(55) + "\"");
        sync(backend, rules);
        assertThat(sync(backend, rules).isEmpty()).isTrue();
    }

    @Test
    void moreEndpointsThanSixteenBitsCountAreNothingSpecial() {
        int many = 65_540;
        String[] ips = IntStream.range(0, many)
                .mapToObj(i -> "10." + (100 + (i >> 16)) + "." + (i >> 8 & 255) + "." + (i & 255))
                .toArray(String[]::new);

        String text = backend.layout().render(pods(ips)).text();

        assertThat(text).contains("chain pick-65540 {", "numgen random mod 65540", "10.96.0.10 . 80 . 65539 : ");
    }

    private static Plan pods(String... ips) {
        return Plans.of(service("web", "10.96.0.10"), slice("web", ips));
    }

    private static Plan sticky() {
        return Plans.of(
                but(service("web", "10.96.0.10")).sticky(300).done(),
                slice("web", ready("10.244.1.1"), remote("10.244.2.1")));
    }
}
