package io.fairlead.e2e.image;

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
import io.fairlead.e2e.fixtures.World;
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
 * Runs the first container of a DaemonSet with Docker. Another container serves as the node. The DaemonSet's container
 * has the rights, the read-only root file system and the mounts of its manifest. It runs in the network namespace of
 * the node, as with {@code hostNetwork: true}.
 */
final class PodOnDocker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ONCE_SYSCTLS_ARE_WRITABLE =
            "until [ -w /proc/sys/net/ipv4/ip_forward ]; do :; done; exec \"$@\"";

    /**
     * A Python script that remounts /proc/sys in the container as writable (MS_REMOUNT, MS_BIND, nosuid, nodev,
     * noexec). The image does not contain the program mount, so the script enters the container's mount namespace and
     * calls mount(2).
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

    /** A container without a start-up check. */
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

    /** Starts the node for the DaemonSet of a manifest, but not the DaemonSet's container. */
    PodOnDocker(Path manifest) {
        this(daemonSet(manifest));
    }

    /** Starts the node for the DaemonSet of a manifest, whose image is replaced. */
    PodOnDocker(Path manifest, String image) {
        this(withImage(daemonSet(manifest), image));
    }

    /** Starts the node for a DaemonSet, but not its container. */
    PodOnDocker(DaemonSet daemonSet) {
        this(daemonSet, node(first(daemonSet).getImage()), true);
    }

    private PodOnDocker(DaemonSet daemonSet, Bare node, boolean ownsNode) {
        this.spec = first(daemonSet);
        this.before = daemonSet.getSpec().getTemplate().getSpec().getInitContainers();
        this.node = node;
        this.ownsNode = ownsNode;
    }

    /** Returns another pod on the same node. Closing this pod does not stop the node. */
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

    /** Returns the id of a process in the node's network namespace. */
    long process() {
        return node.getCurrentContainerInfo().getState().getPidLong();
    }

    /** Returns the manifest's container, which may be changed before the start. */
    Container spec() {
        return spec;
    }

    /** Mounts a folder with a token and the API server's certificate at the path of a service account's files. */
    PodOnDocker withAccount(Path folder) {
        account.put(ACCOUNT, folder);
        return this;
    }

    /**
     * Runs the init containers one after the other, and waits for the end of each.
     *
     * @return their output
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
     * Starts the manifest's container.
     *
     * @param folders the folders of this machine by the name of the volume. A volume without a folder is not mounted
     * @param more arguments that are added to the manifest's arguments
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

    /**
     * Makes /proc/sys writable, as the kubelet does for a privileged container. This method does it,
     * because Docker without --privileged does not.
     */
    private void letWriteSysctls() {
        long process = agent.getCurrentContainerInfo().getState().getPidLong();
        ProcessResult result =
                new ExecProcessRunner().run(Command.of("python3", "-c", REMOUNT, Long.toString(process)));
        if (!result.succeeded()) {
            throw new AssertionError(result.error() + log());
        }
    }

    /** Replaces the variable NODE_NAME, as the kubelet does. */
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
            // A privileged container gets only the capabilities that the agent needs. If this machine is itself a
            // container, it may not have all the rights of a privileged container.
            config.withCapAdd(Capability.NET_ADMIN, Capability.NET_RAW);
        }
        Capabilities capabilities = rights.getCapabilities();
        if (capabilities != null) {
            config.withCapDrop(all(capabilities.getDrop())).withCapAdd(all(capabilities.getAdd()));
        }
        if (Boolean.FALSE.equals(rights.getAllowPrivilegeEscalation())) {
            // Docker uses its seccomp profile by default, which is what RuntimeDefault means.
            config.withSecurityOpts(List.of("no-new-privileges"));
        }
        return config;
    }

    private static Capability[] all(List<String> names) {
        return names.stream().map(Capability::valueOf).toArray(Capability[]::new);
    }

    /** Returns the output so far. */
    String log() {
        return agent.getLogs(OutputFrame.OutputType.STDOUT, OutputFrame.OutputType.STDERR);
    }

    /** Waits until the output has this number of lines with these words. */
    void awaitLines(String words, int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (log().lines().filter(line -> line.contains(words)).count() < count) {
            if (System.nanoTime() > end || !agent.isRunning()) {
                throw new AssertionError("fewer than " + count + " lines with \"" + words + "\":\n" + log());
            }
            Thread.sleep(50);
        }
    }

    /** Waits for the end of the container and returns its exit status. */
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

    /** Ends the agent as the kubelet does and returns its exit status. */
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
