package io.fairlead.iptables;

import static io.fairlead.core.fixture.Notices.remarks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.kernel.Counting;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.kernel.XtablesLock;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
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
            assertThat(new IptablesVariants(namespace, options()).inUse()).isEqualTo(Variant.LEGACY);
        }
    }

    /** Simulates a node on which another program uses an iptables extension that is not in Fairlead's image. */
    @Test
    void servesBesideARuleWhoseExtensionIsNotInstalled(@TempDir Path folder) throws Exception {
        Path libraries;
        try (Stream<Path> all = Files.walk(Path.of("/usr/lib"))) {
            libraries = all.filter(path -> path.endsWith("xtables/libxt_quota.so"))
                    .findFirst()
                    .orElseThrow()
                    .getParent();
        }
        try (Stream<Path> all = Files.list(libraries)) {
            for (Path library : (Iterable<Path>) all::iterator) {
                if (!library.endsWith("libxt_quota.so")) {
                    Files.copy(library, folder.resolve(library.getFileName()));
                }
            }
        }
        try (Namespace namespace = Namespace.with("iptables-legacy-restore")) {
            Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                            command -> namespace.run(with("XTABLES_LIBDIR=" + folder, command)),
                            options(),
                            new RecentLists(folder.resolve("absent")))
                    .backend();
            IptablesRuleset first = backend.layout()
                    .render(RandomCluster.of(3, ProxyMode.IPTABLES).plan());
            backend.kernel().apply(backend.layout().diff(backend.kernel().read(), first));
            namespace.run(Command.of("iptables-legacy-restore", "--noflush").withInput("""
                    *nat
                    :OTHER - [0:0]
                    -A OTHER -m quota --quota 5 -j RETURN
                    -I PREROUTING -m quota --quota 5 -j RETURN
                    COMMIT
                    """));

            for (int seed = 4; seed < 7; seed++) {
                IptablesRuleset next = backend.layout()
                        .render(RandomCluster.of(seed, ProxyMode.IPTABLES).plan());
                backend.kernel().apply(backend.layout().diff(backend.kernel().read(), next));
                IptablesRuleset read = new IptablesKernel(namespace, options()).read();
                assertThat(read.text()).isEqualTo(next.text());
            }
            assertThat(remarks(backend))
                    .singleElement()
                    .satisfies(sentence -> assertThat(sentence)
                            .startsWith("IPv4 table nat: iptables-legacy cannot show chain PREROUTING")
                            .contains("quota"));
            String saved = namespace.run(Command.of("iptables-legacy-save")).output();
            assertThat(saved).contains("-A OTHER -m quota --quota 5", "-A PREROUTING -m quota --quota 5");

            backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
            assertThat(namespace
                            .run(Command.of("iptables-legacy-save", "-t", "nat"))
                            .output())
                    .doesNotContain("KUBE-");
        }
    }

    /** The test uses its own lock file, so that no other process on this machine waits for the lock. */
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
            Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                            command -> namespace.run(with("XTABLES_LOCKFILE=" + file, command)),
                            impatient,
                            new RecentLists(RecentLists.LIMIT),
                            lock,
                            RawTables.NONE,
                            Counting.none(),
                            null)
                    .backend();
            IptablesChange change = backend.layout()
                    .diff(
                            IptablesRuleset.of(FamilyRules.of(IpFamily.IPV4)),
                            backend.layout()
                                    .render(RandomCluster.of(1, ProxyMode.IPTABLES)
                                            .plan()));

            assertThatThrownBy(() -> backend.kernel().apply(change))
                    .isInstanceOfSatisfying(
                            ApplyFailedException.class,
                            e -> assertThat(e.kind()).isEqualTo(ApplyFailedException.Kind.LOCKED))
                    .hasMessageContaining("refused table")
                    .hasMessageContaining("Stopped waiting after 1s")
                    .hasMessageContaining("held by sleep (" + holder.pid() + ")");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(lock.holder()).isEmpty();
    }

    private static Command with(String variable, Command command) {
        List<String> words = new ArrayList<>(List.of("env", variable));
        words.addAll(command.words());
        return new Command(words, command.input(), command.timeout());
    }
}
