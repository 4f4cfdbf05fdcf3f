package io.fairlead.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LargeClusterTest {

    @Test
    void versionsOfASliceThatFollowEachOtherHaveNoEndpointInCommon() {
        LargeCluster cluster = new LargeCluster(3, 2);
        for (int version = 0; version < 100; version++) {
            int before = cluster.endpoint(1);
            cluster.replace(1);
            assertThat(cluster.isCurrent(1, before)).isFalse();
            assertThat(cluster.isCurrent(1, before + 1)).isFalse();
            assertThat(cluster.isCurrent(1, cluster.endpoint(1))).isTrue();
            assertThat(cluster.isCurrent(1, cluster.endpoint(1) + 1)).isTrue();
            assertThat(cluster.isCurrent(0, cluster.endpoint(1))).isFalse();
        }
    }

    @Test
    void aHundredThousandServicesHaveAddressesOfTheirOwn() {
        LargeCluster cluster = new LargeCluster(100_000, 2);
        Set<Integer> addresses = new HashSet<>();
        for (int service = 0; service < 100_000; service++) {
            addresses.add(LargeCluster.address(service));
            addresses.add(cluster.endpoint(service));
            addresses.add(cluster.endpoint(service) + 1);
        }
        assertThat(addresses).hasSize(300_000);
        assertThat(LargeCluster.text(LargeCluster.address(99_999))).startsWith("10.97.");
        assertThat(LargeCluster.text(cluster.endpoint(99_999))).startsWith("10.225.");
    }

    @Test
    void anObjectSaysWhatAnswersAreComparedWith() {
        LargeCluster cluster = new LargeCluster(300, 2);
        assertThat(cluster.serviceJson(257)).contains("\"s-00257\"", "\"10.96.2.1\"", "\"port\": 80");
        assertThat(cluster.sliceJson(1)).contains("\"10.128.0.64\"", "\"10.128.0.65\"", "\"s-00001\"");
    }
}
