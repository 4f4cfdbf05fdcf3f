package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.demo.Demo;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.NftProgram;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that all checks of the demo succeed in both modes. */
@NeedsRoot
final class DemoTest {

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void comesOutAsToldAndLeavesNothingBehind(ProxyMode mode) throws InterruptedException {
        StringWriter output = new StringWriter();
        Demo demo = new Demo(
                new PrintWriter(output), false, DemoTest::text, new ExecProcessRunner(), (of, runner) -> switch (of) {
                    case IPTABLES -> new IptablesKernel(runner, IptablesOptions.defaults()).backend();
                    case NFTABLES -> new NftKernel(new NftProgram(runner)).backend();
                });
        boolean asExpected = demo.run(List.of(mode));
        assertThat(asExpected).as("%s", output).isTrue();
        assertThat(output.toString())
                .contains("10.110.254.82")
                .contains("because it is headless")
                .doesNotContain("\u001b");
        String own = "fairlead-demo-" + ProcessHandle.current().pid();
        assertThat(new File("/run/netns").list((_, name) -> name.startsWith(own)))
                .isEmpty();
    }

    private static String text(ChangeReport report) {
        return report.edits().stream().map(Edit::text).collect(Collectors.joining("\n"));
    }
}
