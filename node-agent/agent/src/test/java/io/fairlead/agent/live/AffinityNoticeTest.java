package io.fairlead.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RememberedClients;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AffinityNoticeTest {
    private final AffinityNotice notice = new AffinityNotice();

    @Test
    void tellsOnceWhenAListIsNearlyFullAndAgainAfterItWasNot() {
        assertThat(notice.look(Optional.empty())).isEmpty();
        assertThat(notice.look(list(58_981))).isEmpty();
        assertThat(notice.look(list(58_983)))
                .hasValueSatisfying(line -> assertThat(line.toString())
                        .contains("default/web:http remembers 58983 clients, of 65536 at most"));
        assertThat(notice.look(list(65_536))).isEmpty();
        assertThat(notice.fill()).isEqualTo(1);
        assertThat(notice.look(list(0))).isEmpty();
        assertThat(notice.fill()).isZero();
        assertThat(notice.look(list(65_536))).isPresent();
    }

    private static Optional<RememberedClients> list(int clients) {
        return Optional.of(new RememberedClients("default/web:http", IpFamily.IPV4, clients, 65_536));
    }
}
