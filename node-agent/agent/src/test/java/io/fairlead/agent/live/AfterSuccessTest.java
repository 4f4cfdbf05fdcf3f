package io.fairlead.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AfterSuccessTest {

    @Test
    void tellsFirstThenServesHealthChecksThenLooksAtFlows() {
        List<String> done = new ArrayList<>();
        new AfterSuccess(
                        () -> done.add("latency"),
                        () -> done.add("gauges"),
                        () -> done.add("health"),
                        () -> done.add("timestamp"),
                        () -> done.add("health checks"),
                        () -> done.add("conntrack"))
                .run();
        assertThat(done).containsExactly("latency", "gauges", "health", "timestamp", "health checks", "conntrack");
    }
}
