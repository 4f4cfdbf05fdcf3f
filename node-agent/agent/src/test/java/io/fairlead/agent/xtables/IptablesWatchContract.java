package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.core.fixture.Notices;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.Table;
import io.fairlead.lab.Lab;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the reports about changes by other programs, for the watch of each variant of iptables. */
abstract class IptablesWatchContract {
    private Lab lab;
    private RuleWatch<? super TableChange> watch;
    private Backend<IptablesRuleset, IptablesChange> backend;

    abstract Variant variant();

    @BeforeEach
    void open() {
        KernelAccess.require();
        lab = Lab.open(new ExecProcessRunner(), "guard", List.of(Ip.parse("192.0.2.1"), Ip.parse("2001:db8::1")));
        watch = IptablesWatch.open(variant(), lab.node().namespace()).orElseThrow();
        backend = new IptablesKernel(
                        lab.nodeRunner(), IptablesOptions.defaults().with(variant()))
                .watchedBy(watch)
                .backend();
        bring(services(3));
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void doesNotReportOurOwnTransactions() {
        assertThat(backend.kernel().isWatched()).isTrue();
        assertThat(Notices.changedByOthers(backend)).isEmpty();
        for (int services : new int[] {5, 2, 40, 0, 1}) {
            bring(services(services));
            assertThat(Notices.changedByOthers(backend))
                    .as("%d Services", services)
                    .isEmpty();
        }
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(Notices.changedByOthers(backend)).isEmpty();
    }

    @Test
    void doesNotReportReading() {
        raw("iptables", "-t nat -S");
        backend.kernel().read();

        assertThat(Notices.changedByOthers(backend)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iptables -t nat -F",
                "iptables -F",
                "ip6tables -t nat -F",
                "iptables -t mangle -X KUBE-PROXY-CANARY",
                "iptables -t nat -D KUBE-POSTROUTING 1",
                "iptables -t nat -D PREROUTING 1",
                "iptables -t nat -I KUBE-SERVICES -j RETURN",
                "ip6tables -t filter -D FORWARD 1"
            })
    void reportsRulesThatOthersAddOrRemoveOnce(String command) {
        String[] words = command.split(" ", 2);
        raw(words[0], words[1]);

        assertThat(Notices.changedByOthers(backend)).hasValueSatisfying(change -> isNamed(change.text()));
        assertThat(Notices.changedByOthers(backend)).isEmpty();
        bring(services(3));
        assertThat(Notices.changedByOthers(backend)).isEmpty();
    }

    @Test
    void reportsAChangeJustBeforeOurOwnTransaction() {
        IptablesChange change = backend.layout().diff(backend.kernel().read(), services(4));
        raw("iptables", "-t nat -D KUBE-POSTROUTING 1");
        backend.kernel().apply(change);

        assertThat(Notices.changedByOthers(backend)).isPresent();
    }

    @Test
    void reportsAChangeOfAnotherTableDuringOurTransaction() {
        IptablesChange change = backend.layout().diff(backend.kernel().read(), services(4));
        assertThat(change.transactions()).extracting(TableChange::table).containsOnly(Table.NAT);
        raw("iptables", "-t filter -D KUBE-FORWARD 1");
        backend.kernel().apply(change);

        assertThat(Notices.changedByOthers(backend)).isPresent();
    }

    abstract void isNamed(String who);

    /** Runs the program iptables or ip6tables of this variant. */
    final void raw(String program, String words) {
        List<String> command = Stream.concat(
                        Stream.of(variant() == Variant.NFT ? program + "-nft" : program + "-legacy", "-w"),
                        Stream.of(words.split(" ", -1)))
                .toList();
        ProcessResult result = lab.nodeRunner().run(new Command(command, List.of(), Duration.ofSeconds(10)));
        assertThat(result.succeeded()).as(result.toString()).isTrue();
    }

    final Optional<Notice.ChangedByOthers> changedByOthers() {
        return Notices.changedByOthers(backend);
    }

    private void bring(IptablesRuleset desired) {
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
    }

    private IptablesRuleset services(int count) {
        return backend.layout()
                .render(Planner.plan(
                        ClusterState.of(
                                IntStream.range(0, count)
                                        .mapToObj(i -> ClusterObjects.service("svc-" + i, "10.96.0." + (1 + i)))
                                        .collect(Collectors.toMap(service -> service.name(), service -> service)),
                                IntStream.range(0, count)
                                        .mapToObj(i -> ClusterObjects.slice("svc-" + i, "10.244.0." + (1 + i)))
                                        .collect(Collectors.toMap(slice -> slice.key(), slice -> slice)),
                                Map.of(),
                                Map.of()),
                        NodeSettings.defaults(ProxyMode.IPTABLES, "node-a")));
    }
}
