package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.leaving;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests how the traffic of a Service is split between backends. */
class SplitPlanningTest {
    private static final ServiceObject WEB = service("web", "10.96.0.1");

    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));

    @BeforeEach
    void backends() {
        planner.put(service("web-v1", "10.96.0.2"));
        planner.put(service("web-v2", "10.96.0.3"));
        planner.put(slice("web", ready("10.244.1.9")));
        planner.put(slice("web-v1", ready("10.244.1.1"), remote("10.244.2.1")));
        planner.put(slice("web-v2", remote("10.244.2.2")));
    }

    private PortPlan web(String... backends) {
        planner.put(but(WEB).backends(backends).done());
        return web();
    }

    private PortPlan web() {
        planner.update();
        return planner.plan()
                .ports(IpFamily.IPV4)
                .filter(port -> port.name().service().equals(WEB.name()))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::text).toList();
    }

    private static List<String> texts(Split split, boolean local) {
        return split.of(local).stream()
                .map(share -> share.backend() + "=" + share.weight() + " " + share.endpoints())
                .toList();
    }

    @Test
    void theEndpointsOfTheBackendsShareTheTrafficByWeight() {
        PortPlan web = web("web-v1=90", "web-v2=10");
        assertThat(texts(web.clusterEndpoints()))
                .containsExactly("10.244.1.1:8080", "10.244.2.1:8080", "10.244.2.2:8080");
        assertThat(texts(web.split(), false))
                .containsExactly("web-v1=90 [10.244.1.1:8080, 10.244.2.1:8080]", "web-v2=10 [10.244.2.2:8080]");
    }

    @Test
    void aServiceMayKeepAShareOfItsTraffic() {
        assertThat(texts(web("web=3", "web-v2=1").split(), false))
                .containsExactly("web=3 [10.244.1.9:8080]", "web-v2=1 [10.244.2.2:8080]");
    }

    @Test
    void portsAreFoundByNameThenByNumber() {
        planner.put(but(service("web-v2", "10.96.0.3"))
                .ports(
                        new ServiceObject.Port("other", Protocol.TCP, 80, 0),
                        new ServiceObject.Port("http", Protocol.UDP, 80, 0))
                .done());
        planner.put(new SliceObject(
                new ServiceName("default", "web-v2"),
                "web-v2-1",
                IpFamily.IPV4,
                List.of(
                        new SliceObject.Port("other", Protocol.TCP, 9090),
                        new SliceObject.Port("http", Protocol.UDP, 53)),
                List.of(ready("10.244.1.2"))));
        assertThat(texts(web("web-v1=1", "web-v2=1").clusterEndpoints()))
                .as("by number")
                .containsExactly("10.244.1.1:8080", "10.244.1.2:9090", "10.244.2.1:8080");

        planner.put(but(service("web-v2", "10.96.0.3"))
                .ports(
                        new ServiceObject.Port("other", Protocol.TCP, 80, 0),
                        new ServiceObject.Port("http", Protocol.TCP, 8000, 0))
                .done());
        assertThat(texts(web().clusterEndpoints())).as("by name").doesNotContain("10.244.1.2:9090");
    }

    @Test
    void aBackendWithoutEndpointsGivesItsShareToTheOthers() {
        planner.put(slice("web-v2", ready("10.244.1.2")));
        planner.put(slice("web-v1", new SliceObject.SliceEndpoint[0]));
        PortPlan web = web("web-v1=90", "web-v2=7", "missing=3");
        assertThat(texts(web.clusterEndpoints())).containsExactly("10.244.1.2:8080");
        assertThat(web.split()).isEqualTo(Split.NONE);
    }

    @Test
    void eachPolicySplitsBetweenItsOwnEndpoints() {
        planner.put(but(WEB).nodePort(30080)
                .externalLocal()
                .backends("web-v1=90", "web-v2=10", "web=5")
                .done());
        assertThat(texts(web().split(), false)).hasSize(3);
        assertThat(texts(web().split(), true))
                .containsExactly("web-v1=90 [10.244.1.1:8080]", "web=5 [10.244.1.9:8080]");
    }

    @Test
    void aBackendOfWeightZeroGetsNoNewTrafficAndKeepsItsUdpFlows() {
        ServiceObject.Port dns = new ServiceObject.Port("dns", Protocol.UDP, 53, 0);
        for (String name : List.of("web-v1", "web-v2")) {
            planner.put(but(service(name, "10.96.0.2")).ports(dns).done());
            planner.put(new SliceObject(
                    new ServiceName("default", name),
                    name + "-1",
                    IpFamily.IPV4,
                    List.of(new SliceObject.Port("dns", Protocol.UDP, 53)),
                    List.of(ready(name.equals("web-v1") ? "10.244.1.1" : "10.244.1.2"))));
        }
        planner.put(but(WEB).ports(dns).backends("web-v1=1", "web-v2=0").done());
        PortPlan web = web();
        assertThat(texts(web.clusterEndpoints())).containsExactly("10.244.1.1:53");
        assertThat(web.servingAddresses())
                .containsExactly(IpPort.parse("10.244.1.1:53"), IpPort.parse("10.244.1.2:53"));
    }

    @Test
    void withoutAnyBackendPacketsAreRejected() {
        PortPlan web = web("missing=1", "web-v2=0");
        assertThat(web.anyEndpoints()).isFalse();
        assertThat(web.disposition(web.frontends().getFirst())).isEqualTo(PortPlan.Disposition.REJECT);
    }

    @Test
    void terminatingEndpointsServeTheirBackendAlone() {
        planner.put(slice("web-v2", leaving("10.244.2.2", "node-b")));
        assertThat(texts(web("web-v1=90", "web-v2=10").split(), false))
                .containsExactly("web-v1=90 [10.244.1.1:8080, 10.244.2.1:8080]", "web-v2=10 [10.244.2.2:8080]");
    }

    @Test
    void anEndpointOfTwoBackendsCountsAsLocalForBoth() {
        planner.put(slice("web-v2", remote("10.244.1.1")));
        PortPlan web = web("web-v1=1", "web-v2=1");
        assertThat(web.clusterEndpoints().getFirst().local()).isTrue();
        assertThat(web.split().cluster().getLast().endpoints())
                .containsExactly(web.clusterEndpoints().getFirst());
    }

    @Test
    void aChangeOfABackendPlansTheServicesWhoseTrafficItReceives() {
        web("web-v1=90", "web-v2=10");
        planner.put(slice("web-v2", remote("10.244.2.2"), remote("10.244.2.3")));
        assertThat(planner.update().services().keySet())
                .extracting(ServiceName::name)
                .containsExactly("web", "web-v2");
        planner.remove(new ServiceName("default", "web-v2"));
        assertThat(planner.update().services().keySet())
                .extracting(ServiceName::name)
                .containsExactly("web", "web-v2");
        assertThat(texts(web().clusterEndpoints())).containsExactly("10.244.1.1:8080", "10.244.2.1:8080");

        planner.put(WEB);
        planner.update();
        planner.put(slice("web-v1", ready("10.244.1.1")));
        assertThat(planner.update().services().keySet())
                .as("after the annotation is gone")
                .extracting(ServiceName::name)
                .containsExactly("web-v1");
    }

    @Test
    void theHealthCheckCountsTheEndpointsOfTheBackends() {
        planner.put(but(WEB).loadBalancerIps("198.51.100.1")
                .externalLocal()
                .healthCheckNodePort(32000)
                .backends("web-v1=1", "web-v2=1", "web=0")
                .done());
        planner.update();
        assertThat(planner.plan().services().get(WEB.name()).healthChecks())
                .extracting(HealthCheck::localReadyEndpoints)
                .containsExactly(1);
    }

    @Test
    void anAnnotationThatIsIgnoredIsNamed() {
        IgnoredAnnotation ignored = new IgnoredAnnotation(Annotations.BACKENDS, "\"web-v1\"", "it is wrong");
        planner.put(WEB.with(new Annotations(List.of(), List.of(ignored))));
        assertThat(texts(web().clusterEndpoints())).containsExactly("10.244.1.9:8080");
        assertThat(planner.plan().ignored())
                .containsExactly("default/web: annotation fairlead.io/backends with the value \"web-v1\" is ignored,"
                        + " because it is wrong");
    }
}
