package io.fairlead.iptables;

import static io.fairlead.core.fixture.Notices.remarks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FakeIptablesTest extends IptablesContract {

    @Override
    ProcessRunner kernel() {
        return new FakeIptables();
    }

    @Override
    IptablesOptions options() {
        return IptablesOptions.defaults();
    }

    @Override
    int seeds() {
        return 200;
    }

    @Test
    void goesOnWithOneFamilyIfTheOtherIsMissing() {
        FakeIptables kernel = new FakeIptables();
        kernel.uninstall("ip6tables");
        Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(kernel, options()).backend();
        assertThat(backend.kernel().read().families()).containsOnlyKeys(IpFamily.IPV4);
        assertThat(remarks(backend)).singleElement().asString().contains("IPv6").contains("ip6tables-save");
    }

    @Test
    void goesOnWithOneFamilyIfTheKernelLacksTheOther() {
        FakeIptables kernel = new FakeIptables();
        Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                        command -> switch (command.words().getFirst()) {
                            case "ip6tables-save" -> new ProcessResult(0, "", "");
                            case "ip6tables" ->
                                new ProcessResult(
                                        3, "", "ip6tables v1.8.9 (legacy): can't initialize ip6tables table `nat'");
                            default -> kernel.run(command);
                        },
                        options())
                .backend();
        assertThat(backend.kernel().read().families()).containsOnlyKeys(IpFamily.IPV4);
        assertThat(remarks(backend)).singleElement().asString().contains("can't initialize");
    }

    /** The program disappears after the first table, so that the first table cannot be restored either. */
    @Test
    void aProgramThatDisappearsDoesNotStopTheOtherFamily() {
        FakeIptables kernel = new FakeIptables();
        AtomicInteger restores = new AtomicInteger();
        Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                        command -> {
                            if (command.words().getFirst().equals("iptables-restore")
                                    && restores.incrementAndGet() == 2) {
                                kernel.uninstall("iptables");
                            }
                            return kernel.run(command);
                        },
                        options())
                .backend();
        IptablesRuleset desired = backend.layout().render(dualStack().plan());
        IptablesChange change = backend.layout().diff(backend.kernel().read(), desired);

        assertThatThrownBy(() -> backend.kernel().apply(change))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        e -> assertThat(e.kind()).isEqualTo(ApplyFailedException.Kind.MISSING_TOOL))
                .hasMessageContaining("iptables-restore")
                .hasMessageContaining("; could not restore IPv4 table ");

        assertThat(kernel.run(Command.of("ip6tables-save")).output()).contains("fd00:96::1", "-A POSTROUTING");
    }

    @Test
    void failsIfThePrimaryFamilyIsMissing() {
        FakeIptables kernel = new FakeIptables();
        kernel.uninstall("iptables");
        Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(kernel, options()).backend();
        assertThatThrownBy(backend.kernel()::read)
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        e -> assertThat(e.kind()).isEqualTo(ApplyFailedException.Kind.MISSING_TOOL));
    }
}
