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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A node that is a container, and the first container of a DaemonSet in it: with the rights, the read-only root and the mounts
 * that its manifest gives it, in the node's network, as with {@code hostNetwork: true}.
 */
final class PodOnDocker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Container spec;
    private final Bare node;
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
        this(container(manifest));
    }

    /** The same with another image than the manifest's. */
    PodOnDocker(Path manifest, String image) {
        this(withImage(container(manifest), image));
    }

    private PodOnDocker(Container spec) {
        this.spec = spec;
        node = new Bare(spec.getImage())
                .withCreateContainerCmdModifier(create -> create.withEntrypoint("/bin/sh", "-c", "read -r line")
                        .withCmd()
                        .withStdinOpen(true)
                        .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none")));
        node.start();
    }

    private static Container withImage(Container container, String image) {
        container.setImage(image);
        return container;
    }

    private static Container container(Path manifest) {
        try {
            return Serialization.unmarshal(Files.readString(manifest), DaemonSet.class)
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst();
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

    /**
     * Starts the container of the manifest.
     *
     * @param folders of this machine, by the name of the volume they stand for; a volume that is not named is not mounted
     * @param more arguments after the manifest's own
     */
    void start(Map<String, Path> folders, String... more) {
        List<String> arguments = new ArrayList<>(spec.getArgs() == null ? List.of() : spec.getArgs());
        arguments.addAll(Arrays.asList(more));
        agent = new Bare(spec.getImage()).withCreateContainerCmdModifier(create -> {
            if (spec.getCommand() != null && !spec.getCommand().isEmpty()) {
                create.withEntrypoint(resolved(spec.getCommand()));
            }
            create.withCmd(resolved(arguments));
            create.withHostConfig(hostConfig(folders));
        });
        agent.start();
    }

    /** As the kubelet replaces what a downward API variable stands for. */
    private static List<String> resolved(List<String> words) {
        return words.stream()
                .map(word -> word.replace("$(NODE_NAME)", World.NODE_NAME))
                .toList();
    }

    private HostConfig hostConfig(Map<String, Path> folders) {
        SecurityContext rights = spec.getSecurityContext();
        List<Bind> binds = new ArrayList<>();
        for (VolumeMount mount : spec.getVolumeMounts()) {
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
        node.close();
    }
}
