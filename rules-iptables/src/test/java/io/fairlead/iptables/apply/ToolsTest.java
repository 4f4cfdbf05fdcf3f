package io.fairlead.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.process.Command;
import io.fairlead.core.process.ProcessResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolsTest {
    private final List<Command> commands = new ArrayList<>();
    private final Tools tools = new Tools(
            command -> {
                commands.add(command);
                return new ProcessResult(0, "*nat\nCOMMIT\n", "");
            },
            Map.of(IpFamily.IPV4, "iptables-legacy"),
            5,
            XtablesLock.ofThisProcess());

    @Test
    void tablesAreReadAndWrittenWithLargePages() {
        tools.save(IpFamily.IPV4);
        tools.restore(IpFamily.IPV4, List.of("*nat\n", "COMMIT\n"));

        assertThat(commands)
                .extracting(Command::text)
                .containsExactly("iptables-legacy-save", "iptables-legacy-restore -w 5 --noflush --counters");
        assertThat(commands)
                .extracting(command -> command.environment().get("GLIBC_TUNABLES"))
                .containsOnly("glibc.malloc.hugetlb=1");
        assertThat(commands.getLast().inputText()).isEqualTo("*nat\nCOMMIT\n");
    }
}
