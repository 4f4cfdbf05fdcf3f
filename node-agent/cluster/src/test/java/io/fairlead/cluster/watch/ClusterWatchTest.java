package io.fairlead.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("server")
class ClusterWatchTest {
    private static final Pattern LABEL_SELECTOR = Pattern.compile("labelSelector=([^,}]*)");

    private final FakeApiServer fake = new FakeApiServer();
    private final RecordingSink sink = new RecordingSink();
    private final ApiServer server =
            ApiServer.connect(KubeconfigFiles.NONE, fake.address(), InstantSource.system(), (_, _, _, _) -> {});
    private ClusterWatch watch;

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
        server.close();
        fake.close();
    }

    private void start(WatchOptions options) {
        watch = new ClusterWatch(server, options, sink, InstantSource.system());
        watch.start();
    }

    private void startSynced() {
        start(WatchOptions.of("node-a"));
        sink.awaitWord("synced");
        awaitOpenWatches(4);
    }

    private void awaitOpenWatches(int number) {
        Instant end = Instant.now().plusSeconds(20);
        while (fake.openWatches() < number) {
            assertThat(Instant.now()).as("%s watches", number).isBefore(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void deliversAllObjectsBeforeSynced() {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6"));
        fake.put(Samples.node("node-a", "zone-1"));
        fake.put(Samples.serviceCidr("kubernetes", "10.96.0.0/16"));

        start(WatchOptions.of("node-a"));
        sink.awaitWord("synced");

        assertThat(sink.words())
                .containsExactlyInAnyOrder(
                        "put Service default/web",
                        "put slice web-1",
                        "put Node node-a",
                        "put ServiceCIDR kubernetes",
                        "synced")
                .endsWith("synced");
        assertThat(sink.state()
                        .services()
                        .get(new ServiceName("default", "web"))
                        .clusterIps())
                .containsValue(Ip.parse("10.96.0.10"));
        assertThat(sink.state().nodes().get("node-a").zone()).isEqualTo("zone-1");
        assertThat(watch.status().synced()).isTrue();
    }

    @Test
    void followsEveryVerbAfterwards() {
        startSynced();
        Service web = Samples.service("web", "10.96.0.10");

        fake.put(web);
        sink.awaitWord("put Service default/web");
        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        sink.awaitWord("put slice web-1");
        sink.forgetWords();
        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6"));
        sink.awaitWord("put slice web-1");
        fake.delete(Samples.slice("web", "web-1"));
        sink.awaitWord("remove slice web-1");
        fake.delete(web);
        sink.awaitWord("remove Service default/web");

        assertThat(sink.words()).containsExactly("put slice web-1", "remove slice web-1", "remove Service default/web");
        assertThat(sink.state().services()).isEmpty();
        assertThat(sink.state().slices()).isEmpty();
    }

    @Test
    void requestsWithTheSelectorsOfKubeProxy() {
        fake.put(new ServiceBuilder(Samples.service("others", "10.96.0.1"))
                .editMetadata()
                .addToLabels("service.kubernetes.io/service-proxy-name", "")
                .endMetadata()
                .build());
        fake.put(new ServiceBuilder(Samples.service("headless", "None")).build());
        fake.put(new EndpointSliceBuilder(Samples.slice("headless", "headless-1", "10.244.1.5"))
                .editMetadata()
                .addToLabels("service.kubernetes.io/headless", "")
                .endMetadata()
                .build());
        fake.put(new ServiceBuilder(Samples.service("labelled", "10.96.0.2"))
                .editMetadata()
                .addToLabels("service.kubernetes.io/headless", "")
                .endMetadata()
                .build());
        fake.put(new EndpointSliceBuilder(Samples.slice("labelled", "labelled-1", "10.244.1.6"))
                .editMetadata()
                .addToLabels("service.kubernetes.io/service-proxy-name", "another")
                .endMetadata()
                .build());
        fake.put(Samples.node("node-a", "zone-1"));
        fake.put(Samples.node("node-b", "zone-2"));

        startSynced();

        assertThat(sink.words())
                .containsExactlyInAnyOrder(
                        "put Node node-a", "put Service default/labelled", "put slice labelled-1", "synced");
        assertThat(fake.requests())
                .anyMatch(request -> request.startsWith("/api/v1/services")
                        && labelSelector(request).equals("!service.kubernetes.io/service-proxy-name")
                        && request.contains("fieldSelector=spec.clusterIP!=None"))
                .anyMatch(request -> request.startsWith("/apis/discovery.k8s.io/v1/endpointslices")
                        && labelSelector(request).equals("!service.kubernetes.io/headless")
                        && !request.contains("fieldSelector"))
                .anyMatch(request -> request.startsWith("/apis/networking.k8s.io/v1/servicecidrs")
                        && labelSelector(request).isEmpty()
                        && !request.contains("fieldSelector"))
                .anyMatch(request ->
                        request.startsWith("/api/v1/nodes") && request.contains("fieldSelector=metadata.name=node-a"))
                .anyMatch(request -> request.contains("watch=true") && request.contains("allowWatchBookmarks=true"));
    }

    private static String labelSelector(String request) {
        Matcher matcher = LABEL_SELECTOR.matcher(request);
        return matcher.find() ? matcher.group(1) : "";
    }

    @Test
    void readsListsInPages() {
        IntStream.range(0, 25).forEach(i -> fake.put(Samples.service("web-" + i, "10.96.0." + (i + 1))));

        start(WatchOptions.of("node-a").withPageSize(10));
        sink.awaitWord("synced");

        assertThat(sink.state().services()).hasSize(25);
        assertThat(fake.requests())
                .filteredOn(request -> request.startsWith("/api/v1/services") && request.contains("limit=10"))
                .hasSize(3);
    }

    @Test
    void readsLegacyEndpointsOnRequest() {
        fake.put(Samples.service("db", "10.96.0.10"));
        fake.put(Samples.endpoints("db", "192.168.7.7"));
        fake.put(Samples.endpoints("a.lock.of.a.program", "192.168.7.8"));
        fake.put(Samples.slice("db", "db-1", "10.244.1.5"));

        start(WatchOptions.of("node-a").withEndpoints());
        sink.awaitWord("synced");

        assertThat(sink.state().slices().values())
                .singleElement()
                .satisfies(
                        slice -> assertThat(slice.endpoints().getFirst().ip()).isEqualTo(Ip.parse("192.168.7.7")));
        assertThat(sink.problems()).isEmpty();
        fake.delete(Samples.endpoints("db", ""));
        sink.await("no slices", now -> now.state().slices().isEmpty());
    }

    @Test
    void doesNotDeliverAnUpdateThatRulesDoNotNeed() {
        Service web = Samples.service("web", "10.96.0.10");
        fake.put(web);
        startSynced();
        sink.forgetWords();

        fake.put(new ServiceBuilder(web)
                .editMetadata()
                .addToAnnotations("note", "new")
                .endMetadata()
                .build());
        fake.put(Samples.service("later", "10.96.0.11"));
        sink.awaitWord("put Service default/later");

        assertThat(sink.words()).containsExactly("put Service default/later");
    }

    @Test
    void aServiceThatGetsAnotherProxyIsGone() {
        Service web = Samples.service("web", "10.96.0.10");
        fake.put(web);
        startSynced();

        // If an object no longer matches the selector of a watch, the server reports it as deleted.
        fake.put(new ServiceBuilder(web)
                .editMetadata()
                .addToLabels("service.kubernetes.io/service-proxy-name", "another")
                .endMetadata()
                .build());

        sink.awaitWord("remove Service default/web");
        fake.put(web);
        sink.awaitWord("put Service default/web");
    }

    @Test
    void waitsForAServerThatIsAbsentAtTheStart() {
        fake.stop();
        fake.put(Samples.service("web", "10.96.0.10"));
        start(WatchOptions.of("node-a"));
        awaitFailure();

        assertThat(sink.isSynced()).isFalse();
        fake.start();
        sink.awaitWord("synced");

        assertThat(sink.state().services()).hasSize(1);
    }

    private void awaitFailure() {
        Instant end = Instant.now().plusSeconds(20);
        while (watch.status().kinds().get(WatchedKind.SERVICES).failure() == null) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
    }

    private void awaitRequests(String kind, int number) {
        Instant end = Instant.now().plusSeconds(20);
        while (fake.requests().stream()
                        .filter(request -> request.contains(kind))
                        .count()
                < number) {
            assertThat(Instant.now()).as("%s requests for %s", number, kind).isBefore(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void keepsAllObjectsWhileTheServerIsAbsent() {
        fake.put(Samples.service("web", "10.96.0.10"));
        startSynced();
        sink.forgetWords();

        fake.stop();
        awaitFailure();

        WatchStatus.OfKind services = watch.status().kinds().get(WatchedKind.SERVICES);
        assertThat(services.failure()).contains("connection refused");
        assertThat(services.failingSince()).isNotNull();
        assertThat(sink.words()).isEmpty();

        fake.put(Samples.service("later", "10.96.0.11"));
        fake.start();
        sink.awaitWord("put Service default/later");
        assertThat(sink.words()).containsExactly("put Service default/later");
        assertThat(watch.status().kinds().get(WatchedKind.SERVICES).failure()).isNull();
    }

    @Test
    void listsAgainAfterGoneAndRemovesDeletedObjects() {
        Service gone = Samples.service("gone", "10.96.0.10");
        fake.put(gone);
        fake.put(Samples.service("stays", "10.96.0.11"));
        EndpointSlice slice = Samples.slice("gone", "gone-1", "10.244.1.5");
        fake.put(slice);
        startSynced();
        sink.forgetWords();

        fake.stop();
        fake.delete(gone);
        fake.delete(slice);
        fake.put(Samples.service("came", "10.96.0.12"));
        fake.forgetOldVersions();
        fake.start();

        sink.awaitWord("remove slice gone-1");
        sink.awaitWord("remove Service default/gone");
        sink.awaitWord("put Service default/came");
        assertThat(sink.words())
                .containsExactlyInAnyOrder(
                        "remove slice gone-1", "remove Service default/gone", "put Service default/came");
    }

    @Test
    void reopensBrokenConnections() {
        startSynced();
        sink.forgetWords();

        for (int i = 1; i <= 3; i++) {
            fake.breakConnections();
            fake.put(Samples.service("web-" + i, "10.96.0." + i));
            sink.awaitWord("put Service default/web-" + i);
        }

        assertThat(sink.words()).hasSize(3);
        // If a watch ends within 2 s without a message, fabric8 assumes that its resource version is outdated, and
        // lists the objects again.
        assertThat(fake.requests())
                .filteredOn(request -> request.startsWith("/api/v1/services") && request.contains("limit="))
                .hasSizeLessThan(4);
    }

    @Test
    void reopensASilentWatch() {
        start(WatchOptions.of("node-a").withSilence(Duration.ofSeconds(1)));
        sink.awaitWord("synced");
        awaitOpenWatches(4);

        fake.mute();
        fake.put(Samples.service("web", "10.96.0.10"));

        sink.awaitWord("put Service default/web");
    }

    @Test
    void aBookmarkKeepsAWatchOpen() {
        startSynced();
        Instant before = Instant.now();

        fake.bookmark();

        Instant end = before.plusSeconds(20);
        while (watch.status().age(Instant.now()).orElseThrow().compareTo(Duration.between(before, Instant.now())) > 0) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
        assertThat(sink.words()).containsExactly("synced");
    }

    @Test
    void reportsABrokenObjectOnceAndDeliversTheOthers() {
        String broken = """
                {"kind": "Service", "apiVersion": "v1", "metadata": {"namespace": "default", "name": "odd"},
                 "spec": {"clusterIP": "10.96.0.300", "clusterIPs": ["10.96.0.300"],
                          "ports": [{"name": "http", "port": 70000}]}}""";
        fake.put(broken);
        fake.put(Samples.service("web", "10.96.0.10"));
        startSynced();
        fake.put(broken);
        fake.put(Samples.service("later", "10.96.0.11"));
        sink.awaitWord("put Service default/later");

        assertThat(sink.state().services()).hasSize(2);
        assertThat(sink.problems())
                .filteredOn(problem -> problem.severity() == Problem.Severity.ERROR)
                .allMatch(problem -> problem.object().equals("Service default/odd"))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("spec.clusterIP", "spec.ports[0].port");
        assertThat(watch.problems()).hasSize(2);

        fake.put(Samples.service("odd", "10.96.0.30"));
        sink.awaitWord("put Service default/odd");
        assertThat(watch.problems()).isEmpty();
    }

    @Test
    void aServiceThatBecomesBrokenIsGone() {
        fake.put(Samples.service("web", "10.96.0.10"));
        startSynced();

        fake.put(Samples.service("web", "no address"));

        sink.awaitWord("remove Service default/web");
        assertThat(sink.problems()).isNotEmpty();
    }

    @Test
    void startsWithAServerWithoutServiceCidrs() {
        fake.refuse(WatchedKind.SERVICE_CIDRS, 404);
        fake.put(Samples.service("web", "10.96.0.10"));

        start(WatchOptions.of("node-a"));

        sink.awaitWord("synced");
        assertThat(sink.state().services()).hasSize(1);
        assertThat(fake.requests())
                .filteredOn(request -> request.startsWith("/apis/networking.k8s.io"))
                .hasSize(1);
    }

    @Test
    void startsWithoutPermissionToReadNodes() {
        fake.refuse(WatchedKind.NODE, 403);

        start(WatchOptions.of("node-a"));

        sink.awaitWord("synced");
        assertThat(watch.status().kinds().get(WatchedKind.NODE).failure()).contains("403");
        fake.put(Samples.node("node-a", "zone-1"));
        fake.refuse(WatchedKind.NODE, 200);
        sink.awaitWord("put Node node-a");
    }

    @Test
    void doesNotStartWithoutPermissionToReadServices() {
        fake.put(Samples.node("node-a", "zone-1"));
        fake.refuse(WatchedKind.SERVICES, 403);

        start(WatchOptions.of("node-a"));
        awaitFailure();
        sink.awaitWord("put Node node-a");
        awaitRequests("/services", 3);

        assertThat(sink.isSynced()).isFalse();
    }

    @Test
    void deliversWhenPodsChanged() {
        fake.put(new EndpointSliceBuilder(Samples.slice("web", "web-1", "10.244.1.5"))
                .editMetadata()
                .addToAnnotations("endpoints.kubernetes.io/last-change-trigger-time", "2026-01-02T03:04:05.6Z")
                .endMetadata()
                .build());
        fake.put(new EndpointSliceBuilder(Samples.slice("web", "web-2", "10.244.1.6"))
                .editMetadata()
                .addToAnnotations("endpoints.kubernetes.io/last-change-trigger-time", "yesterday")
                .endMetadata()
                .build());
        startSynced();

        assertThat(sink.trigger("default", "web-1")).isEqualTo(Instant.parse("2026-01-02T03:04:05.6Z"));
        assertThat(sink.trigger("default", "web-2")).isNull();
    }

    @Test
    void aSliceThatMovesToAnotherServiceMoves() {
        fake.put(Samples.slice("web", "shared", "10.244.1.5"));
        startSynced();
        sink.forgetWords();

        fake.put(Samples.slice("other", "shared", "10.244.1.5"));
        sink.awaitWord("put slice shared");

        assertThat(sink.state()
                        .slices()
                        .get(new SliceObject.Key("default", "shared"))
                        .service())
                .isEqualTo(new ServiceName("default", "other"));
        assertThat(sink.words()).isEqualTo(List.of("put slice shared"));
    }

    @Test
    void keepsOneCopyOfANodesName() {
        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6"));
        fake.put(Samples.slice("web", "web-2", "10.244.1.7"));
        startSynced();

        List<String> names = sink.state().slices().values().stream()
                .flatMap(slice -> slice.endpoints().stream())
                .map(SliceObject.SliceEndpoint::nodeName)
                .toList();
        assertThat(names).hasSize(3).allSatisfy(name -> assertThat(name).isSameAs(names.getFirst()));
    }

    @Test
    void deliversTheEndStateOfManyChanges() {
        startSynced();
        IntStream.range(0, 500).forEach(i -> {
            fake.put(Samples.slice("web-" + i % 50, "web-" + i % 50, "10.244." + i / 250 + "." + (i % 250 + 1)));
            if (i % 100 == 50) {
                fake.breakConnections();
            }
        });

        sink.await(
                "the last of each",
                now -> now.state().slices().size() == 50
                        && now.state().slices().values().stream()
                                .allMatch(slice ->
                                        slice.endpoints().getFirst().ip().text().startsWith("10.244.1.2")));
        assertThat(sink.words()).doesNotContain("two calls at once");
    }
}
