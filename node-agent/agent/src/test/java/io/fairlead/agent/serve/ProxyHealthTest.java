package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProxyHealthTest {
    private static final Duration SYNC_PERIOD = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();
    private final ProxyHealth health = new ProxyHealth(SYNC_PERIOD, clock);

    @Test
    void isHealthyBeforeAnyFamilyHasReported() {
        assertThat(health.status().syncHealthy()).isTrue();
        assertThat(health.status().families()).isEmpty();
        assertThat(health.status().lastUpdated()).isEqualTo(ProxyHealth.NEVER);
    }

    @Test
    void ignoresAChangeOfAFamilyThatNeverReported() {
        health.queued(IpFamily.IPV4);
        clock.advance(Duration.ofHours(1));

        assertThat(health.status().syncHealthy()).isTrue();
    }

    @Test
    void anIdleProxyStaysHealthy() {
        health.updated(IpFamily.IPV4);
        Instant updated = clock.instant();
        clock.advance(Duration.ofDays(30));

        assertThat(health.status().syncHealthy()).isTrue();
        assertThat(health.status().lastUpdated()).isEqualTo(updated);
    }

    @Test
    void anUpdateMayWaitTwiceTheSyncPeriod() {
        health.updated(IpFamily.IPV4);
        Instant updated = clock.instant();
        health.queued(IpFamily.IPV4);

        clock.advance(Duration.ofSeconds(59));
        assertThat(health.isSyncHealthy()).isTrue();

        clock.advance(Duration.ofSeconds(1));
        assertThat(health.isSyncHealthy()).isFalse();
        assertThat(health.status().lastUpdated()).as("the last real one").isEqualTo(updated);
    }

    @Test
    void furtherUpdatesDoNotExtendTheWait() {
        health.updated(IpFamily.IPV4);
        health.queued(IpFamily.IPV4);
        clock.advance(Duration.ofSeconds(50));
        health.queued(IpFamily.IPV4);
        clock.advance(Duration.ofSeconds(11));

        assertThat(health.isSyncHealthy()).isFalse();
    }

    @Test
    void aSyncMakesItHealthyAgain() {
        health.updated(IpFamily.IPV4);
        health.queued(IpFamily.IPV4);
        clock.advance(Duration.ofMinutes(5));
        health.updated(IpFamily.IPV4);

        assertThat(health.isSyncHealthy()).isTrue();
    }

    @Test
    void oneLateFamilyMakesItUnhealthy() {
        health.updated(IpFamily.IPV4);
        health.updated(IpFamily.IPV6);
        health.queued(IpFamily.IPV6);
        clock.advance(Duration.ofMinutes(5));
        health.updated(IpFamily.IPV4);

        ProxyHealth.Status status = health.status();
        assertThat(status.syncHealthy()).isFalse();
        assertThat(status.families().get(IpFamily.IPV4).healthy()).isTrue();
        assertThat(status.families().get(IpFamily.IPV6).healthy()).isFalse();
        assertThat(status.lastUpdated()).as("the newest of both").isEqualTo(clock.instant());

        health.updated(IpFamily.IPV6);
        health.queued(IpFamily.IPV4);
        clock.advance(Duration.ofMinutes(5));
        assertThat(health.isSyncHealthy()).as("whichever it is").isFalse();
    }

    @Test
    void reportsTheNodeSeparately() {
        health.updated(IpFamily.IPV4);
        health.nodeEligible(false);

        assertThat(health.isSyncHealthy()).isTrue();
        assertThat(health.status().nodeEligible()).isFalse();
    }
}
