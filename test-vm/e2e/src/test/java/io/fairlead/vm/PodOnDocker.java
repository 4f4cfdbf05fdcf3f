package io.fairlead.vm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A node that is a container, and the first container of a DaemonSet in it: with the rights, the read-only root and the
 * mounts that its manifest gives it, in the node's network, as with {@code hostNetwork: true}.
 */
final class PodOnDocker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ONCE_SYSCTLS_ARE_WRITABLE =
            "until [ -w /proc/sys/net/ipv4/ip_forward ]; do :; done; exec \"$@\"";

    /**
     * The image has no mount: so this enters its mount namespace and calls the kernel: MS_REMOUNT, MS_BIND, nosuid,
     * nodev, noexec.
     */
    private static final String REMOUNT = """
            import ctypes, os, sys
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.setns(os.open('/proc/%s/ns/mnt' % sys.argv[1], os.O_RDONLY), 0) or libc.mount(
                    None, b'/proc/sys', None, 32 | 4096 | 2 | 4 | 8, None):
                sys.exit(os.strerror(ctypes.get_errno()))
            """;

    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    private final Container spec;
    private final List<Container> before;
    private final Bare node;
    private final boolean ownsNode;
    private final Map<String, Path> account = new HashMap<>();
    private Bare agent;

    /** Runs whatever it is told, and waits for nothing. */
    private static final class Bare extends GenericContainer<Bare> {
        Bare(String image) {
            super(DockerImageName.parse(image));
            withImagePullPolicy(_ -> false);
            withStartupCheckStrategy(new StartupCheckStrategy() {
                @Override
                public StartupStatus checkStartupState(DockerClient docker, String id) {
                    return StartupStatus.SUCCESSFUL;
                }
            });
        }
    }

    /** A node, and what is to run on it; nothing runs yet. */
    PodOnDocker(Path manifest) {
        this(daemonSet(manifest));
    }

    /** The same with another image than the manifest's. */
    PodOnDocker(Path manifest, String image) {
        this(withImage(daemonSet(manifest), image));
    }

    /** The same. */
    PodOnDocker(DaemonSet daemonSet) {
        this(daemonSet, node(first(daemonSet).getImage()), true);
    }

    private PodOnDocker(DaemonSet daemonSet, Bare node, boolean ownsNode) {
        this.spec = first(daemonSet);
        this.before = daemonSet.getSpec().getTemplate().getSpec().getInitContainers();
        this.node = node;
        this.ownsNode = ownsNode;
    }

    /** Another pod of the same node, which outlives it. */
    PodOnDocker next(DaemonSet daemonSet) {
        return new PodOnDocker(daemonSet, node, false);
    }

    private static Bare node(String image) {
        Bare node = new Bare(image)
                .withCreateContainerCmdModifier(create -> create.withEntrypoint("/bin/sh", "-c", "read -r line")
                        .withCmd()
                        .withStdinOpen(true)
                        .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none")));
        node.start();
        return node;
    }

    private static DaemonSet withImage(DaemonSet daemonSet, String image) {
        first(daemonSet).setImage(image);
        return daemonSet;
    }

    private static Container first(DaemonSet daemonSet) {
        return daemonSet.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private static DaemonSet daemonSet(Path manifest) {
        try {
            return Serialization.unmarshal(Files.readString(manifest), DaemonSet.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process in the node's network namespace. */
    long process() {
        return node.getCurrentContainerInfo().getState().getPidLong();
    }

    /** What the manifest says, to be asked for and changed before the start. */
    Container spec() {
        return spec;
    }

    /** Mounts a folder with a token and the API server's certificate where a service account's are. */
    PodOnDocker withAccount(Path folder) {
        account.put(ACCOUNT, folder);
        return this;
    }

    /**
     * Runs the init containers, one after the other, to their ends.
     *
     * @return what they wrote
     */
    String initialise(Map<String, Path> folders) throws InterruptedException {
        StringBuilder logs = new StringBuilder();
        for (Container container : before) {
            run(container, folders, List.of());
            long exit = awaitEnd();
            logs.append(log());
            if (exit != 0) {
                throw new AssertionError("exit status " + exit + " of " + container.getName() + ":\n" + logs);
            }
            agent.close();
        }
        return logs.toString();
    }

    /**
     * Starts the container of the manifest.
     *
     * @param folders of this machine, by the name of the volume they stand for; a volume that is not named is not
     *     mounted
     * @param more arguments after the manifest's own
     */
    void start(Map<String, Path> folders, String... more) {
        run(spec, folders, List.of(more));
    }

    private void run(Container container, Map<String, Path> folders, List<String> more) {
        List<String> arguments = new ArrayList<>(container.getArgs() == null ? List.of() : container.getArgs());
        arguments.addAll(more);
        boolean privileged = Boolean.TRUE.equals(container.getSecurityContext().getPrivileged());
        boolean own = container.getCommand() != null && !container.getCommand().isEmpty();
        List<String> program = own ? resolved(container.getCommand()) : List.of("/usr/local/bin/fairlead");
        agent = new Bare(container.getImage()).withCreateContainerCmdModifier(create -> {
            if (privileged) {
                List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", ONCE_SYSCTLS_ARE_WRITABLE, "sh"));
                words.addAll(program);
                create.withEntrypoint(words);
            } else if (own) {
                create.withEntrypoint(program);
            }
            create.withCmd(resolved(arguments));
            create.withHostConfig(hostConfig(container, folders));
        });
        agent.start();
        if (privileged) {
            letWriteSysctls();
        }
    }

    /** What the kubelet does for a privileged container, whose rights this machine may not have to give. */
    private void letWriteSysctls() {
        long process = agent.getCurrentContainerInfo().getState().getPidLong();
        ProcessResult result =
                new ExecProcessRunner().run(Command.of("python3", "-c", REMOUNT, Long.toString(process)));
        if (!result.succeeded()) {
            throw new AssertionError(result.error() + log());
        }
    }

    /** As the kubelet replaces what a downward API variable stands for. */
    private static List<String> resolved(List<String> words) {
        return words.stream()
                .map(word -> word.replace("$(NODE_NAME)", World.NODE_NAME))
                .toList();
    }

    private HostConfig hostConfig(Container container, Map<String, Path> folders) {
        SecurityContext rights = container.getSecurityContext();
        List<Bind> binds = new ArrayList<>();
        account.forEach((place, source) -> binds.add(new Bind(source.toString(), new Volume(place), AccessMode.ro)));
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path source = folders.get(mount.getName());
            if (source != null) {
                binds.add(new Bind(
                        source.toAbsolutePath().normalize().toString(),
                        new Volume(mount.getMountPath()),
                        Boolean.TRUE.equals(mount.getReadOnly()) ? AccessMode.ro : AccessMode.rw));
            }
        }
        HostConfig config = HostConfig.newHostConfig()
                .withNetworkMode("container:" + node.getContainerId())
                .withReadonlyRootfs(Boolean.TRUE.equals(rights.getReadOnlyRootFilesystem()))
                .withBinds(binds);
        if (Boolean.TRUE.equals(rights.getPrivileged())) {
            // Not all that privileged means: a machine that is a container itself may have less to give. Less is
            // enough.
            config.withCapAdd(Capability.NET_ADMIN, Capability.NET_RAW);
        }
        Capabilities capabilities = rights.getCapabilities();
        if (capabilities != null) {
            config.withCapDrop(all(capabilities.getDrop())).withCapAdd(all(capabilities.getAdd()));
        }
        if (Boolean.FALSE.equals(rights.getAllowPrivilegeEscalation())) {
            // Docker's own profile of system calls is on unless it is switched off: what RuntimeDefault means.
            config.withSecurityOpts(List.of("no-new-privileges"));
        }
        return config;
    }

    private static Capability[] all(List<String> names) {
        return names.stream().map(Capability::valueOf).toArray(Capability[]::new);
    }

    /** All that it has written so far. */
    String log() {
        return agent.getLogs(OutputFrame.OutputType.STDOUT, OutputFrame.OutputType.STDERR);
    }

    /** Waits for this many lines with these words. */
    void awaitLines(String words, int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (log().lines().filter(line -> line.contains(words)).count() < count) {
            if (System.nanoTime() > end || !agent.isRunning()) {
                throw new AssertionError("no line with \"" + words + "\" for the " + count + ". time:\n" + log());
            }
            Thread.sleep(50);
        }
    }

    /** Waits for its end; its exit status. */
    long awaitEnd() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (agent.isRunning()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still running:\n" + log());
            }
            Thread.sleep(50);
        }
        return agent.getCurrentContainerInfo().getState().getExitCodeLong();
    }

    /** Ends the agent as the kubelet does, and gives its exit status. */
    long stop() throws InterruptedException {
        DockerClientFactory.instance()
                .client()
                .killContainerCmd(agent.getContainerId())
                .withSignal("TERM")
                .exec();
        return awaitEnd();
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.close();
        }
        if (ownsNode) {
            node.close();
        }
    }
}
