package io.fairlead.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs a real etcd and a real kube-apiserver on a host of a lab. Both can be killed and started again with the same
 * data.
 */
public final class ControlPlaneProcesses implements AutoCloseable {
    private final LabHost host;
    private final Path binaries;
    private final ControlPlaneSetup setup;
    private final List<String> options;
    private RunningProgram etcd;
    private RunningProgram apiServer;

    /**
     * Starts both programs, without waiting until they are ready.
     *
     * @param binaries the folder with etcd and kube-apiserver
     * @param setup the addresses and files of the programs; {@link ControlPlaneSetup#prepare} was called
     * @param options further options of kube-apiserver
     */
    public ControlPlaneProcesses(LabHost host, Path binaries, ControlPlaneSetup setup, List<String> options) {
        this.host = host;
        this.binaries = binaries;
        this.setup = setup;
        this.options = List.copyOf(options);
        this.etcd = newEtcd();
        this.apiServer = newApiServer();
    }

    private RunningProgram newEtcd() {
        return start("etcd", setup.etcd(binaries.resolve("etcd")));
    }

    private RunningProgram newApiServer() {
        return start(
                "kube-apiserver", setup.apiServer(binaries.resolve("kube-apiserver"), options.toArray(String[]::new)));
    }

    private RunningProgram start(String name, List<String> words) {
        return RunningProgram.start(name, host.namespace(), setup.folder().resolve(name + ".log"), Map.of(), words);
    }

    /**
     * Checks that both programs still run.
     *
     * @throws LabException if a program ended; the message contains the end of its log
     */
    public void check() {
        etcd.check();
        apiServer.check();
    }

    /** Returns the end of kube-apiserver's log. */
    public String apiServerLog() {
        return apiServer.tail();
    }

    /** Returns the URL of the server, as in a kubeconfig. */
    public String server() {
        return "https://" + setup.address() + ":6443";
    }

    /**
     * Returns the file with the certificates of the server and of its issuer. The server creates the file when it
     * starts.
     */
    public Path certificate() {
        return setup.folder().resolve("certificates/apiserver.crt");
    }

    /**
     * Writes a kubeconfig.
     *
     * @param name the name of the file in the folder of the setup
     * @param token the token of the user
     * @param trust the entry of the kubeconfig's cluster that defines which certificate the client trusts
     */
    public Path kubeconfig(String name, String token, String trust) {
        try {
            return Files.writeString(setup.folder().resolve(name), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: lab, cluster: {server: "%s", %s}}]
                    users: [{name: user, user: {token: %s}}]
                    contexts: [{name: lab, context: {cluster: lab, user: user}}]
                    current-context: lab
                    """.formatted(server(), trust, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills kube-apiserver with SIGKILL. */
    public void killApiServer() {
        apiServer.kill();
    }

    /** Starts kube-apiserver again. */
    public void restartApiServer() {
        apiServer = newApiServer();
    }

    /** Kills etcd with SIGKILL. */
    public void killEtcd() {
        etcd.kill();
    }

    /** Starts etcd again with the same data. */
    public void restartEtcd() {
        etcd = newEtcd();
    }

    @Override
    public void close() {
        apiServer.close();
        etcd.close();
    }
}
