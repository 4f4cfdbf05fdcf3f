package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.logging.CapturedLog;
import io.fairlead.agent.loop.Results;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.linux.time.ManualTime;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AffinityListenerTest {
    private final CapturedLog log = new CapturedLog(new ManualTime());
    private final AffinityListener listener = new AffinityListener();

    @AfterEach
    void stopCapturing() {
        log.close();
    }

    private void read(int clients) {
        listener.after(Results.withAffinity(
                Optional.of(new RememberedClients("default/web:http", IpFamily.IPV4, clients, 65_536))));
    }

    @Test
    void warnsOnceEachTimeThatAListBecomesNearlyFull() {
        listener.after(Results.withAffinity(Optional.empty()));
        read(58_981);
        assertThat(log.lines()).isEmpty();

        read(58_983);
        read(65_536);
        assertThat(log.lines())
                .containsExactly("W affinity list of default/web:http has 58983 clients of at most 65536;"
                        + " further clients have no affinity, and any endpoint may serve them");
        assertThat(listener.fill()).isEqualTo(1);

        read(0);
        assertThat(listener.fill()).isZero();
        read(65_536);
        assertThat(log.lines()).hasSize(2);
    }

    @Test
    void ignoresARoundThatReadsNoRules() {
        read(65_536);

        listener.after(Results.unchanged());

        assertThat(listener.fill()).isEqualTo(1);
    }
}
