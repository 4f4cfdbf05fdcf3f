package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.process.Command;
import io.fairlead.core.process.ProcessRunner;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.kernel.XtablesLock;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.FamilyRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegacyKernelTest extends IptablesContract {

    @Override
    ProcessRunner kernel() {
        return Namespace.with("iptables-legacy-restore");
    }

    @Override
    IptablesOptions options() {
        return IptablesOptions.defaults().with(Variant.LEGACY);
    }

    @Test
    void saysWhichVariantItIs() {
        try (Namespace namespace = Namespace.with("iptables-legacy-restore")) {
            assertThat(new IptablesBackend(namespace, options()).variantInUse()).isEqualTo(Variant.LEGACY);
        }
    }

    /** A file of its own, so that nobody else on this machine has to wait. */
    @Test
    void saysWhoHasTheLockWhenItHasWaitedLongEnough(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("lock"));
        XtablesLock lock = new XtablesLock(file, Path.of("/proc"));
        Process holder = new ProcessBuilder("flock", "--no-fork", file.toString(), "sleep", "60").start();
        try (Namespace namespace = Namespace.with("iptables-legacy-restore")) {
            while (lock.holder().isEmpty()) {
                assertThat(holder.isAlive()).isTrue();
                Thread.sleep(5);
            }
            IptablesOptions impatient =
                    new IptablesOptions(Variant.LEGACY, true, 1, IpFamily.IPV4, Layout.AUTO, EndpointLayout.KUBE_PROXY);
            IptablesBackend backend = new IptablesBackend(
                    command -> namespace.run(withLock(command, file)),
                    impatient,
                    new RecentLists(RecentLists.LIMIT),
                    lock,
                    null);
            IptablesChange change = backend.diff(
                    IptablesRuleset.of(FamilyRules.of(IpFamily.IPV4)),
                    backend.render(RandomCluster.of(1, ProxyMode.IPTABLES).plan()));

            assertThatThrownBy(() -> backend.apply(change))
                    .isInstanceOfSatisfying(
                            ApplyFailedException.class,
                            e -> assertThat(e.kind()).isEqualTo(ApplyFailedException.Kind.LOCKED))
                    .hasMessageContaining("refused table")
                    .hasMessageContaining("Stopped waiting after 1s")
                    .hasMessageContaining("sleep (" + holder.pid() + ") has it");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(lock.holder()).isEmpty();
    }

    private static Command withLock(Command command, Path file) {
        List<String> words = new ArrayList<>(List.of("env", "XTABLES_LOCKFILE=" + file));
        words.addAll(command.words());
        return new Command(words, command.input(), command.timeout());
    }
}
