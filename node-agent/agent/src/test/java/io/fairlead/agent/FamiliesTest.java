package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests statements PROTO-7 and PROTO-10 of docs/behaviour.md. */
final class FamiliesTest {

    private static KubeProxyConfig config(String fields) {
        return ConfigReader.read(
                        "test",
                        ("apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n" + fields)
                                .getBytes(StandardCharsets.UTF_8))
                .config();
    }

    private static NodeObject node(List<String> addresses, String... podCidrs) {
        return new NodeObject(
                "node-a",
                "",
                addresses.stream().map(Ip::parse).toList(),
                Arrays.stream(podCidrs).map(Cidr::parse).toList(),
                false);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 192.0.2.1, IPV4",
        "0.0.0.0, fd00::1, IPV6",
        "'::', 192.0.2.1, IPV4",
        "fd00::2, 192.0.2.1, IPV6",
        "192.0.2.2, fd00::1, IPV4"
    })
    void theBindAddressDecidesThePrimaryFamily(String bound, String ofNode, IpFamily expected) {
        assertThat(Families.primary(config("bindAddress: '" + bound + "'"), node(List.of(ofNode))))
                .isEqualTo(expected);
    }

    @Test
    void thePrimaryFamilyWithoutAnyAddressIsIpv4() {
        assertThat(Families.primary(config(""), node(List.of()))).isEqualTo(IpFamily.IPV4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clusterCIDR: fd00::/56                              | IPV4 | false | clusterCIDR:fatal",
                "clusterCIDR: fd00::/56                              | IPV4 | true  | clusterCIDR",
                "clusterCIDR: 10.0.0.0/8                             | IPV6 | false | clusterCIDR:fatal",
                "clusterCIDR: '10.0.0.0/8,fd00::/56'                 | IPV4 | false | ",
                "'{clusterCIDR: fd00::/56, detectLocalMode: NodeCIDR}' | IPV4 | false | clusterCIDR",
                "'nodePortAddresses: [fd00::/56]'                    | IPV4 | false | nodePortAddresses",
                "'nodePortAddresses: [fd00::/56, 10.0.0.0/8]'        | IPV4 | true  | "
            })
    void findsRangesOfTheOtherFamilyAlone(String fields, IpFamily primary, boolean dual, String expected) {
        String lines = fields.startsWith("{") ? "clusterCIDR: fd00::/56\ndetectLocalMode: NodeCIDR\n" : fields;

        List<Families.Mismatch> found =
                new Families(primary, dual).mismatches(config(lines), node(List.of(), "10.244.0.0/24", "fd00::/64"));

        List<String> shown = found.stream()
                .map(mismatch ->
                        mismatch.text().replaceAll(".*but (\\w+) has.*", "$1") + (mismatch.fatal() ? ":fatal" : ""))
                .toList();
        assertThat(shown).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void podCidrsOfTheOtherFamilyAloneAreFatalIfTheyIdentifyPods() {
        NodeObject node = node(List.of(), "fd00::/64");

        assertThat(new Families(IpFamily.IPV4, true).mismatches(config("detectLocalMode: NodeCIDR"), node))
                .singleElement()
                .isEqualTo(new Families.Mismatch(
                        "this node is IPv4-primary, but spec.podCIDRs of Node node-a has only IPv6 ranges", true));
        assertThat(new Families(IpFamily.IPV4, true).mismatches(config(""), node))
                .singleElement()
                .extracting(Families.Mismatch::fatal)
                .isEqualTo(false);
    }
}
