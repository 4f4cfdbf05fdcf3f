package io.fairlead.agent.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.Ip;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InterfaceAddressesTest {

    @Test
    void readsEveryAddressOnce() {
        String output = """
                [{"ifindex":1,"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8},
                {"family":"inet6","local":"::1","prefixlen":128}]},
                {"ifindex":2,"ifname":"eth0","addr_info":[{"family":"inet","local":"192.0.2.1","prefixlen":24},{}]},
                {"ifindex":3,"ifname":"eth1","addr_info":[{"family":"inet","local":"192.0.2.1","prefixlen":32}]},
                {"ifindex":4,"ifname":"down"}]
                """.replace(",{}", "");

        assertThat(InterfaceAddresses.read(_ -> new ProcessResult(0, output, "")))
                .containsExactly(Ip.parse("127.0.0.1"), Ip.parse("::1"), Ip.parse("192.0.2.1"));
    }

    @Test
    void readsAddressesOfThisProcessWithoutAProgram() {
        List<Ip> programs = InterfaceAddresses.read(new ExecProcessRunner());

        assertThat(InterfaceAddresses.ofThisProcess())
                .contains(Ip.parse("127.0.0.1"))
                .containsExactlyInAnyOrderElementsOf(programs);
    }

    @Test
    void reportsTheErrorOfTheTool() {
        assertThatThrownBy(() -> InterfaceAddresses.read(_ -> new ProcessResult(1, "", "no such namespace\n")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no such namespace");
    }

    @Test
    void rejectsOutputThatItCannotParse() {
        assertThatThrownBy(() -> InterfaceAddresses.read(_ -> new ProcessResult(0, "not json", "")))
                .isInstanceOf(IllegalStateException.class);
    }
}
