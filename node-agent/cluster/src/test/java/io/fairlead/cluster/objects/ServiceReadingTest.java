package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SourceRanges;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceReadingTest {

    private static SourceContent read(String labels, String spec) {
        return new SourceReading(new TypedObjects()).read("in.yaml", """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: web, namespace: shop, labels: {%s}}
                        spec: {%s}
                        """.formatted(labels, spec));
    }

    private static ServiceObject service(String spec) {
        SourceContent content = read("", spec);
        assertThat(content.problems()).isEmpty();
        return service(content);
    }

    private static ServiceObject service(SourceContent content) {
        assertThat(content.contents()).hasSize(1);
        return ((ClusterChange.Service) content.contents().getFirst()).content();
    }

    @Test
    void usesTheDefaultsOfTheApiServer() {
        ServiceObject service = service("clusterIP: 10.96.0.1, ports: [{port: 80}]");

        assertThat(service.type()).isEqualTo(ServiceObject.Type.CLUSTER_IP);
        assertThat(service.selection()).isEqualTo(ServiceObject.Selection.SERVED);
        assertThat(service.clusterIps()).isEqualTo(Map.of(IpFamily.IPV4, Ip.parse("10.96.0.1")));
        assertThat(service.ports()).containsExactly(new ServiceObject.Port("", Protocol.TCP, 80, 0));
        assertThat(service.internalTrafficPolicy()).isEqualTo(TrafficPolicy.CLUSTER);
        assertThat(service.externalTrafficPolicy()).isEqualTo(TrafficPolicy.CLUSTER);
        assertThat(service.affinity()).isEqualTo(new Affinity.None());
    }

    @Test
    void assignsClusterIpsToFamiliesByIndex() {
        assertThat(service("clusterIP: 'fd00::1', clusterIPs: ['fd00::1', 10.96.0.1], ipFamilies: [IPv6, IPv4]")
                        .clusterIps())
                .isEqualTo(Map.of(IpFamily.IPV6, Ip.parse("fd00::1"), IpFamily.IPV4, Ip.parse("10.96.0.1")));
        assertThat(service("clusterIPs: [10.96.0.1], ipFamilies: [IPv4, IPv6]").clusterIps())
                .isEqualTo(Map.of(IpFamily.IPV4, Ip.parse("10.96.0.1")));
        assertThat(service("clusterIP: 10.96.0.1, ipFamilies: [IPv4]").clusterIps())
                .isEqualTo(Map.of(IpFamily.IPV4, Ip.parse("10.96.0.1")));
    }

    @Test
    void usesOnlyClusterIpWithoutFamilies() {
        assertThat(service("clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, 'fd00::1']")
                        .clusterIps())
                .containsOnlyKeys(IpFamily.IPV4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                              | clusterIP: None                        | HEADLESS",
                "''                                              | clusterIP: ''                          | NO_CLUSTER_IP",
                "''                                              | type: ClusterIP                        | NO_CLUSTER_IP",
                "service.kubernetes.io/headless: ''              | clusterIP: 10.96.0.1                   | SERVED",
                "service.kubernetes.io/service-proxy-name: other | clusterIP: 10.96.0.1                   | OTHER_PROXY",
                "service.kubernetes.io/service-proxy-name: ''    | clusterIP: None                        | OTHER_PROXY",
                "app: web                                        | clusterIP: 10.96.0.1                   | SERVED"
            })
    void findsServicesThatThisProxyServes(String labels, String spec, ServiceObject.Selection expected) {
        assertThat(service(read(labels, spec)).selection()).isEqualTo(expected);
    }

    @Test
    void readsLeadingZerosAsDecimal() {
        assertThat(service("clusterIP: 172.30.0.041").clusterIps().values()).containsExactly(Ip.parse("172.30.0.41"));
    }

    @Test
    void readsClientAffinityWithItsDefault() {
        assertThat(service("sessionAffinity: ClientIP").affinity()).isEqualTo(new Affinity.ClientIp(10_800));
        assertThat(service("sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}")
                        .affinity())
                .isEqualTo(new Affinity.ClientIp(60));
    }

    @Test
    void skipsExternalIpsThatDoNotParse() {
        SourceContent content = read("", "clusterIP: 10.96.0.1, externalIPs: [192.0.2.1, 'no', ' ', '', 'fd00::9']");

        assertThat(service(content).externalIps()).containsExactly(Ip.parse("192.0.2.1"), Ip.parse("fd00::9"));
        assertThat(content.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING);
            assertThat(problem.field()).isEqualTo("spec.externalIPs[1]");
            assertThat(problem.message()).contains("\"no\"");
        });
    }

    @Test
    void trimsSourceRangesAndSkipsBadOnes() {
        SourceContent content =
                read("", "clusterIP: 10.96.0.1, loadBalancerSourceRanges: [' 203.0.113.7/24 ', 'x/8', 10.0.0.0]");

        assertThat(service(content).loadBalancerSourceRanges())
                .isEqualTo(new SourceRanges(List.of(Cidr.parse("203.0.113.0/24")), true));
        assertThat(content.problems())
                .extracting(Problem::field)
                .containsExactly("spec.loadBalancerSourceRanges[1]", "spec.loadBalancerSourceRanges[2]");
        assertThat(content.problems().getFirst().message()).contains("\"x/8\"").contains("admits no client");
    }

    /**
     * Tests IPv4-mapped IPv6 ranges. API servers up to 1.35 store them, and later API servers with
     * StrictIPCIDRValidation=false.
     */
    @Test
    void readsSourceRangesInMappedNotation() {
        SourceContent content = read(
                "",
                "clusterIP: 10.96.0.1, loadBalancerSourceRanges: ['::ffff:203.0.113.0/120', '::FFFF:CB00:7200/119',"
                        + " '::ffff:203.0.113.0/90']");

        assertThat(service(content).loadBalancerSourceRanges())
                .isEqualTo(SourceRanges.of(List.of(
                        Cidr.parse("203.0.113.0/24"), Cidr.parse("203.0.114.0/23"), Cidr.parse("::ffc0:0:0/90"))));
        assertThat(content.problems()).isEmpty();
    }

    @Test
    void usesOnlyLoadBalancerAddressesInVipMode() {
        SourceContent content = new SourceReading(new TypedObjects()).read("in.yaml", """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: web, namespace: shop}
                        spec: {type: LoadBalancer, clusterIP: 10.96.0.1, loadBalancerIP: 192.0.2.99}
                        status:
                          loadBalancer:
                            ingress:
                            - {ip: 192.0.2.1}
                            - {ip: 192.0.2.2, ipMode: VIP}
                            - {ip: 192.0.2.3, ipMode: Proxy}
                            - {hostname: lb.example.com}
                            - {ip: oops}
                        """);

        assertThat(service(content).loadBalancerIps()).containsExactly(Ip.parse("192.0.2.1"), Ip.parse("192.0.2.2"));
        assertThat(content.problems()).extracting(Problem::field).containsExactly("status.loadBalancer.ingress[4].ip");
    }

    @Test
    void anExternalNameNeedsNoAddress() {
        ServiceObject service = service("type: ExternalName, externalName: db.example.com");

        assertThat(service.type()).isEqualTo(ServiceObject.Type.EXTERNAL_NAME);
        assertThat(service.clusterIps()).isEmpty();
    }

    @Test
    void onePortNumberMayServeThreeProtocols() {
        assertThat(service("clusterIP: 10.96.0.1, ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP},"
                                + " {name: c, port: 53, protocol: SCTP}]")
                        .ports())
                .extracting(ServiceObject.Port::protocol)
                .containsExactly(Protocol.TCP, Protocol.UDP, Protocol.SCTP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clusterIP: 10.96.0.256                                       | spec.clusterIP             | 10.96.0.256",
                "clusterIP: 10.96.0.1, clusterIPs: [x], ipFamilies: [IPv4]    | spec.clusterIPs[0]         | \"x\"",
                "clusterIPs: ['fd00::1'], ipFamilies: [IPv4]                  | spec.clusterIPs[0]         | not of family IPv4",
                "clusterIP: 10.96.0.1, ipFamilies: [IPv5]                     | spec.ipFamilies[0]         | IPv5",
                "clusterIP: 10.96.0.1, ports: [{port: 70000}]                 | spec.ports[0].port         | 70000",
                "clusterIP: 10.96.0.1, ports: [{port: 0}]                     | spec.ports[0].port         | 0",
                "clusterIP: 10.96.0.1, ports: [{name: a}]                     | spec.ports[0].port         | missing",
                "clusterIP: 10.96.0.1, ports: [{port: abc}]                   | spec.ports[0].port         | \"abc\"",
                "clusterIP: 10.96.0.1, ports: [{port: 80.5}]                  | spec.ports[0].port         | 80.5",
                "clusterIP: 10.96.0.1, ports: {port: 80}                      | spec.ports                 | a list",
                "clusterIP: 10.96.0.1, ports: [{port: 80, nodePort: -1}]      | spec.ports[0].nodePort     | -1",
                "clusterIP: 10.96.0.1, ports: [{port: 80, protocol: ICMP}]    | spec.ports[0].protocol     | ICMP",
                "clusterIP: 10.96.0.1, ports: [{port: 80, name: 'a b'}]       | spec.ports[0].name         | a b",
                "clusterIP: 10.96.0.1, ports: [{name: a, port: 1}, {name: a, port: 2}] | spec.ports[1].name | \"a\"",
                "clusterIP: 10.96.0.1, ports: [{port: 1}, {port: 2}]          | spec.ports[1].name         | same name",
                "type: Foo, clusterIP: 10.96.0.1                              | spec.type                  | Foo",
                "clusterIP: 10.96.0.1, internalTrafficPolicy: Some            | spec.internalTrafficPolicy | Some",
                "clusterIP: 10.96.0.1, externalTrafficPolicy: [Local]         | spec.externalTrafficPolicy | text",
                "clusterIP: 10.96.0.1, sessionAffinity: Cookie                | spec.sessionAffinity       | Cookie",
                "clusterIP: 10.96.0.1, sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}"
                        + " | spec.sessionAffinityConfig.clientIP.timeoutSeconds | 0",
                "clusterIP: 10.96.0.1, healthCheckNodePort: 65536             | spec.healthCheckNodePort   | 65536",
                "clusterIP: [10.96.0.1]                                       | spec.clusterIP             | text"
            })
    void setsABrokenServiceAsideAndReportsTheField(String spec, String field, String inMessage) {
        SourceContent content = read("", spec);

        assertThat(content.contents()).isEmpty();
        assertThat(content.setAside()).isEqualTo(1);
        assertThat(content.readable()).isTrue();
        assertThat(content.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
            assertThat(problem.object()).isEqualTo("Service shop/web");
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.message()).contains(inMessage).doesNotContain("java.");
        });
    }

    @Test
    void reportsAllMistakesAtOnce() {
        SourceContent content = read("", "clusterIP: x, ports: [{port: 0}, {port: 80, protocol: ICMP}]");

        assertThat(content.problems())
                .extracting(Problem::field)
                .isEqualTo(List.of("spec.clusterIP", "spec.ports[0].port", "spec.ports[1].protocol"));
    }

    @Test
    void ignoresAMistakeInAFieldThatNoRuleNeeds() {
        assertThat(service("clusterIP: 10.96.0.1, selector: [not, a, map], allocateLoadBalancerNodePorts: maybe")
                        .clusterIps())
                .hasSize(1);
    }
}
