package io.fairlead.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.Page;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.KernelRules;
import io.fairlead.core.rules.Notice;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UiSiteTest {
    private static final String MARKUP = "<i>web</i>&\"'";

    private final SiteFixture fixture = new SiteFixture();

    @Test
    void listsServicesWithStateAddressesAndEndpoints() {
        fixture.with("web", "10.96.0.10", "10.244.1.5", "10.244.1.6")
                .with("idle", "10.96.0.11")
                .round();

        String html = fixture.html(UiSite.SERVICES, "");

        assertThat(html)
                .contains("2 of 2 Services", "only those that need attention (1)")
                .contains("/ui/service?namespace=default&amp;name=web", "cluster IP 10.96.0.10:80/tcp", "served")
                .contains("no endpoint is ready: packets are rejected");
    }

    @Test
    void showsAPageBeforeTheFirstRound() {
        assertThat(fixture.html(UiSite.SERVICES, "")).contains("This node knows no Services yet.");
        assertThat(fixture.html(UiSite.CHANGES, "")).contains("No rule was changed");
        assertThat(fixture.html(UiSite.TRACE, "from=10.0.0.1&to=10.96.0.10&port=80"))
                .contains("no round has succeeded");
        assertThat(fixture.html(UiSite.VERIFY, "run=yes")).contains("no round has succeeded");
        assertThat(fixture.page(UiSite.STATUS, "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q=WEB", "q=10.96.0.10", "q=10.244.1.5%3A8080", "q=default%2Fw"})
    void findsServicesByNameAddressAndEndpoint(String query) {
        fixture.with("web", "10.96.0.10", "10.244.1.5")
                .with("idle", "10.96.0.11")
                .round();

        assertThat(fixture.html(UiSite.SERVICES, query))
                .contains("1 of 2 Services", "name=web")
                .doesNotContain("name=idle");
    }

    @Test
    void listsOnlyWhatNeedsAttentionIfAsked() {
        fixture.with("web", "10.96.0.10", "10.244.1.5")
                .with("idle", "10.96.0.11")
                .round();

        assertThat(fixture.html(UiSite.SERVICES, "only=attention"))
                .contains("1 of 2 Services", "name=idle", "checked")
                .doesNotContain("name=web");
    }

    @Test
    void dividesALongListIntoParts() {
        IntStream.range(0, 150).forEach(i -> fixture.with("s-" + (100 + i), "10.96.1." + i, "10.244.1.5"));
        fixture.round();

        assertThat(fixture.html(UiSite.SERVICES, ""))
                .contains("150 of 150 Services, part 1 of 2", "part=2")
                .doesNotContain("name=s-249");
        assertThat(fixture.html(UiSite.SERVICES, "part=2")).contains("name=s-249", "part=1");
        assertThat(fixture.html(UiSite.SERVICES, "part=77")).contains("part 2 of 2");
    }

    @Test
    void showsTheRulesOfOneServiceInBothNotations() {
        fixture.with("web", "10.96.0.10", "10.244.1.5")
                .with("other", "10.96.0.77", "10.244.1.6")
                .round();

        String html = fixture.html(UiSite.SERVICE, "namespace=default&name=web");

        assertThat(html)
                .contains("Rules in nftables", "10.96.0.10 . tcp . 80", "map service-ips")
                .contains("Rules in iptables, not in use on this node", "KUBE-SVC-", "--to-destination 10.244.1.5:8080")
                .contains("sent to one of 1 endpoint", "on another node")
                .contains("/ui/trace?to=10.96.0.10&amp;port=80&amp;protocol=tcp", "service=default%2Fweb")
                .doesNotContain("10.96.0.77");
    }

    @Test
    void aServiceInQuarantineIsMarkedWithItsReason() {
        fixture.quarantine.put(new ServiceName("default", "web"), "the kernel said no");
        fixture.with("web", "10.96.0.10", "10.244.1.5").round();

        assertThat(fixture.html(UiSite.SERVICES, "")).contains("in quarantine");
        assertThat(fixture.html(UiSite.SERVICE, "namespace=default&name=web")).contains("the kernel said no");
        assertThat(fixture.html(UiSite.STATUS, "")).contains("Quarantine (1)", "the kernel said no");
    }

    @Test
    void deletedServicesDisappear() {
        fixture.with("web", "10.96.0.10", "10.244.1.5").round();
        fixture.planner.remove(new ServiceName("default", "web"));
        fixture.round();

        assertThat(fixture.html(UiSite.SERVICES, "")).contains("0 of 0 Services");
        assertThat(fixture.page(UiSite.SERVICE, "namespace=default&name=web").status())
                .isEqualTo(404);
    }

    /** Kubernetes allows no such name, but the page must not depend on that. */
    @Test
    void escapesEveryTextOfTheCluster() {
        fixture.quarantine.put(new ServiceName("default", MARKUP), MARKUP);
        fixture.status.add(new ClusterSource.Detail(MARKUP, MARKUP));
        fixture.with(MARKUP, "10.96.0.10", "10.244.1.5").round(RoundResult.Outcome.FAILED, MARKUP);
        String name = Query.link(UiSite.SERVICE, "namespace", "default", "name", MARKUP);

        assertThat(fixture.html(UiSite.SERVICE, name.substring(name.indexOf('?') + 1)))
                .contains("&lt;i&gt;web&lt;/i&gt;&amp;");
        assertThat(fixture.html(UiSite.SERVICES, Query.link("", "q", MARKUP).substring(1)))
                .as("a quotation mark does not end the attribute")
                .contains("value=\"&lt;i>web&lt;/i>&amp;&#34;&#39;\"");
        for (String path : fixture.pages.keySet()) {
            for (String query : List.of(
                    "",
                    name.substring(name.indexOf('?') + 1),
                    Query.link("", "q", MARKUP, "service", MARKUP, "run", "yes").substring(1),
                    Query.link("", "from", MARKUP, "to", MARKUP, "port", MARKUP, "protocol", MARKUP)
                            .substring(1))) {
                assertThat(fixture.html(path, query)).as(path + "?" + query).doesNotContain("<i>", "&\"'");
            }
        }
    }

    @Test
    void noPageRunsScriptsOrLoadsAnythingElse() {
        Page page = fixture.page(UiSite.SERVICES, "");

        assertThat(page.headers().get("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers()).containsEntry("Cache-Control", "no-store");
        assertThat(page.body()).doesNotContain("<script", "http://", "https://", " style=");
    }

    @Test
    void everyPageHasLandmarksATitleAndOneHeading() {
        fixture.with("web", "10.96.0.10", "10.244.1.5").round();
        for (String path : fixture.pages.keySet()) {
            if (!path.equals(UiSite.STYLE)) {
                String html = fixture.html(path, "namespace=default&name=web");
                assertThat(html)
                        .as(path)
                        .contains("<html lang=\"en\">", "<nav aria-label=", "<main id=\"main\"", "href=\"#main\"")
                        .contains("node-a · Fairlead</title>")
                        .containsOnlyOnce("<h1>")
                        .containsOnlyOnce("aria-current=\"page\"");
                assertThat(html.split("<input |<select ", -1).length - 1)
                        .as("each field has a label: " + path)
                        .isEqualTo(html.split("<label for=", -1).length - 1);
            }
        }
    }

    @Test
    void drawsTheWaysOfAPacketWithTheirShares() {
        fixture.with("web", "10.96.0.10", "10.244.1.5", "10.244.1.6").round();

        assertThat(fixture.html(UiSite.TRACE, "from=10.244.3.9&to=10.96.0.10&port=80&protocol=tcp"))
                .contains("hook prerouting", "ip kube-proxy services", "2 ways")
                .contains("to 10.244.1.5:8080", "to 10.244.1.6:8080", "50.0 %", "<rect class=\"fill\" width=\"50\"")
                .contains("as the objects require", "a note");
    }

    @Test
    void saysWhatIsWrongInTheForm() {
        fixture.round();
        assertThat(fixture.html(UiSite.TRACE, "from=10.0.0.1&to=x&port=80")).contains("role=\"alert\"", "value=\"x\"");
        assertThat(fixture.html(UiSite.TRACE, "from=10.0.0.1&to=10.0.0.2&port=no"))
                .contains("not a port");
        assertThat(fixture.html(UiSite.TRACE, "from=10.0.0.1&to=10.0.0.2&port=80&protocol=icmp"))
                .contains("not a protocol");
        assertThat(fixture.html(UiSite.TRACE, "from=10.0.0.1&to=fd00::1&port=80"))
                .contains("different families");
        assertThat(fixture.html(UiSite.VERIFY, "run=yes&service=no/such")).contains("no such Service");
    }

    @Test
    void verifiesOnlyWhenAskedAndGroupsByCause() {
        fixture.with("web", "10.96.0.10", "10.244.1.5").round();

        assertThat(fixture.html(UiSite.VERIFY, "service=default%2Fweb")).doesNotContain("aria-label=\"Result\"");
        assertThat(fixture.html(UiSite.VERIFY, "service=default%2Fweb&run=yes"))
                .contains("wrong outcomes have 1 cause", "no rule matches it", "sent to 10.244.1.5:8080");
    }

    @Test
    void doesNotVerifyMoreServicesThanTheAgentHasMemoryFor() {
        IntStream.rangeClosed(0, VerifyView.MOST_SERVICES)
                .forEach(i -> fixture.with("s-" + i, "10.97." + i / 250 + "." + i % 250));
        fixture.round();

        assertThat(fixture.html(UiSite.VERIFY, "run=yes")).contains("fairlead verify", "role=\"alert\"");
    }

    @Test
    void refusesASecondQuestionAndReportsAFailedOne() {
        fixture.with("web", "10.96.0.10", "10.244.1.5").round();
        String question = "from=10.244.3.9&to=10.96.0.10&port=80";
        int[] second = {0};
        fixture.beforeAnswer =
                () -> second[0] = fixture.page(UiSite.TRACE, question).status();

        assertThat(fixture.page(UiSite.TRACE, question).status()).isEqualTo(200);
        assertThat(second[0]).isEqualTo(503);

        fixture.beforeAnswer = () -> {
            throw new QuestionFailedException("cannot read the kernel", new IllegalStateException());
        };
        assertThat(fixture.page(UiSite.TRACE, question).status()).isEqualTo(500);
        assertThat(fixture.html(UiSite.TRACE, question)).contains("No answer: cannot read the kernel");
        fixture.beforeAnswer = () -> {};
        assertThat(fixture.page(UiSite.TRACE, question).status()).isEqualTo(200);
    }

    @Test
    void answersNoOtherMethodAndNoOtherName() {
        for (String path : fixture.pages.keySet()) {
            assertThat(fixture.page("POST", path, "", "localhost").status()).isEqualTo(405);
            assertThat(fixture.page("GET", path, "", "example.com").status()).isEqualTo(403);
        }
    }

    @Test
    void showsCountedPacketsOnlyWhereThereAreSome() {
        assertThat(fixture.html(UiSite.STATUS, ""))
                .contains("Counted packets", "Dropped packets.", "<dd>7</dd>")
                .doesNotContain("Not counted.");
    }

    /** A kernel in memory that accepts every change, or refuses every change. */
    private static final class Accepting implements KernelRules<NftRuleset, NftChange> {
        boolean refuses;

        @Override
        public NftRuleset read() {
            return new NftRuleset(new TreeMap<>());
        }

        @Override
        public void apply(NftChange change) {
            if (refuses) {
                throw new IllegalStateException("refused");
            }
        }

        @Override
        public List<Notice> poll() {
            return List.of();
        }

        @Override
        public boolean isWatched() {
            return false;
        }
    }

    @Test
    void showsTheLinesThatTheKernelAccepted() {
        fixture.with("web", "10.96.0.10", "10.244.1.5").round();
        Accepting kernel = new Accepting();
        NftLayout layout = new NftLayout();
        Backend<NftRuleset, NftChange> backend = fixture.site
                .<NftRuleset, NftChange>recorded(_ -> new Backend<>(layout, kernel))
                .apply(IpFamily.IPV4);
        NftRuleset old = layout.render(fixture.planner.plan());
        fixture.with("web", "10.96.0.10", "10.244.1.6");
        fixture.planner.update();
        NftChange change = layout.diff(old, layout.render(fixture.planner.plan()));

        backend.kernel().apply(change);
        fixture.round();

        assertThat(fixture.html(UiSite.CHANGES, ""))
                .contains("2026-03-01 12:00:00 UTC", "Service default/web:http/tcp")
                .contains("10.96.0.10 . 80 . 0 : 10.244.1.6 . 8080", "removed: ", "10.244.1.5 . 8080");
    }

    private static Change lines(int number) {
        ChangeReport report = new ChangeReport(IntStream.range(0, number)
                .mapToObj(i -> new Edit(Edit.Sign.ADD, new Origin.Node(), "table", "line " + i))
                .toList());
        return new Change() {
            @Override
            public boolean isEmpty() {
                return false;
            }

            @Override
            public ChangeReport report() {
                return report;
            }

            @Override
            public String text() {
                return "";
            }
        };
    }

    @Test
    void keepsAFewRoundsAndNoLongChanges() {
        ChangeLog log = new ChangeLog(() -> SiteFixture.NOW);
        RoundResult applied = new Rounds().applied();
        for (int i = 0; i < 2 * ChangeLog.MOST_ROUNDS; i++) {
            log.applied(lines(ChangeLog.MOST_LINES - 1));
            log.after(applied);
        }
        assertThat(log.entries()).hasSize(ChangeLog.MOST_ROUNDS);
        assertThat(log.entries().getFirst().edits()).hasSize(ChangeLog.MOST_LINES - 1);

        log.applied(lines(ChangeLog.MOST_LINES));
        log.applied(lines(1));
        log.after(applied);
        assertThat(log.entries().getFirst().edits()).isEmpty();
    }

    @Test
    void aRepeatedFailureIsOneEntry() {
        ChangeLog log = new ChangeLog(() -> SiteFixture.NOW);
        for (int i = 0; i < 5; i++) {
            log.after(new Rounds().failed("the kernel is away"));
        }
        log.after(new Rounds().failed("another reason"));

        assertThat(log.entries()).hasSize(2).allMatch(ChangeLog.Entry::failed);
    }
}
