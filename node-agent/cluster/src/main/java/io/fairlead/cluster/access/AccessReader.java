package io.fairlead.cluster.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the address of the API server and the credentials for it (CFG-14). The sources are kubeconfig files, a given
 * address, or the service account of the pod in which this process runs. No other place is searched.
 *
 * @param environment the environment variables of this process
 * @param root the folder that replaces "/" in the path of the service account's files
 */
public record AccessReader(Map<String, String> environment, Path root) {
    private static final String SERVICE_ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";

    /** Returns a reader that uses the environment variables and the file system of this process. */
    public static AccessReader ofThisProcess() {
        return new AccessReader(System.getenv(), Path.of("/"));
    }

    /**
     * Reads and checks all settings of the connection to the API server.
     *
     * @param master an address that replaces the address of the kubeconfig; "" for none
     * @throws AccessException if settings are missing or wrong; the message lists all errors that were found
     */
    public Access read(KubeconfigFiles files, String master) {
        Remarks remarks = new Remarks();
        if (!files.paths().isEmpty()) {
            Kubeconfig kubeconfig = Kubeconfig.read(files, remarks);
            if (!kubeconfig.empty()) {
                return fromKubeconfig(kubeconfig, files, master, remarks);
            }
            if (!files.mayBeMissing() && !master.isEmpty()) {
                remarks.warning("the kubeconfig " + files.paths().getFirst()
                        + " is empty; using the address of --master alone");
            } else if (!files.mayBeMissing()) {
                remarks.error("the kubeconfig " + files.paths().getFirst() + " is empty");
                remarks.check();
            }
        }
        return master.isEmpty() ? fromServiceAccount(remarks) : fromAddress(master, remarks);
    }

    private Access fromKubeconfig(Kubeconfig kubeconfig, KubeconfigFiles files, String master, Remarks remarks) {
        String names = String.join(", ", files.paths());
        if (kubeconfig.currentContext().isEmpty()) {
            if (master.isEmpty()) {
                throw new AccessException("the kubeconfig " + names + " has no current-context", null);
            }
            remarks.warning("the kubeconfig " + names + " has no current-context; ignoring its clusters and users");
            return fromAddress(master, remarks);
        }
        YamlMap context = kubeconfig.contexts().get(kubeconfig.currentContext());
        if (context == null) {
            throw new AccessException(
                    "the kubeconfig " + names + " has no context " + kubeconfig.currentContext()
                            + ", which its current-context names",
                    null);
        }
        ClusterEntry cluster = cluster(kubeconfig, context, master, remarks);
        UserEntry user = user(kubeconfig, context, cluster.secure(), remarks);
        context.pass("namespace", "extensions");
        context.warnOfOthers();
        remarks.check();
        boolean secure = cluster.secure();
        Access access = new Access(
                cluster.server(),
                secure ? cluster.serverName() : "",
                cluster.trust(),
                secure ? user.login(cluster) : user.unsent(),
                secure ? user.certificate() : Optional.empty(),
                user.impersonation(),
                cluster.proxy(environment),
                remarks.warnings());
        remarks.check();
        return access;
    }

    private static ClusterEntry cluster(Kubeconfig kubeconfig, YamlMap context, String master, Remarks remarks) {
        String name = context.text("cluster");
        YamlMap entry = kubeconfig.clusters().get(name);
        String missing = context.where("cluster") + " names the cluster \"" + name + "\", which does not exist";
        if (entry != null) {
            return ClusterEntry.read(entry, master, remarks);
        }
        if (master.isEmpty()) {
            throw new AccessException(missing, null);
        }
        remarks.warning(missing + "; using the address of --master alone");
        return ClusterEntry.ofAddress(server(master, "--master", remarks), remarks);
    }

    private static UserEntry user(Kubeconfig kubeconfig, YamlMap context, boolean secure, Remarks remarks) {
        String name = context.text("user");
        YamlMap entry = kubeconfig.users().get(name);
        if (entry == null && !name.isEmpty()) {
            remarks.warning(context.where("user") + " names the user \"" + name
                    + "\", which does not exist; sending requests without credentials");
        }
        return UserEntry.read(Optional.ofNullable(entry), secure, remarks);
    }

    private Access fromAddress(String master, Remarks remarks) {
        URI server = server(master, "--master", remarks);
        remarks.check();
        Access access = access(server, new Trust.OfSystem(), new Login.None(), remarks);
        remarks.check();
        return access;
    }

    private Access fromServiceAccount(Remarks remarks) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        if (host.isEmpty() || port.isEmpty()) {
            throw new AccessException(
                    "no API server: give --kubeconfig or --master, or run in a pod"
                            + " (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)",
                    null);
        }
        Path account = root.resolve(SERVICE_ACCOUNT);
        Path authority = account.resolve("ca.crt");
        Trust trust = new Trust.OfSystem();
        if (Files.isReadable(authority)) {
            trust = new Trust.Authorities(new PemSource.InFile("the pod's service account", authority));
        } else {
            remarks.warning("cannot read " + authority + "; trusting the system's certificate authorities instead");
        }
        String address = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        URI server = server(address, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT", remarks);
        remarks.check();
        Access access = access(server, trust, new Login.TokenFile(account.resolve("token"), ""), remarks);
        remarks.check();
        return access;
    }

    private Access access(URI server, Trust trust, Login login, Remarks remarks) {
        Optional<URI> proxy = Proxies.ofEnvironment(server, environment, remarks);
        return new Access(server, "", trust, login, Optional.empty(), Optional.empty(), proxy, remarks.warnings());
    }

    /**
     * Parses an address as client-go 0.37 does: an address without a scheme is a host and port for http. A bad address
     * is reported as an error, and http://invalid is returned.
     */
    static URI server(String text, String where, Remarks remarks) {
        boolean hasScheme = text.contains("://");
        try {
            URI uri = new URI(hasScheme ? text : "http://" + text);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            String path = uri.getPath();
            if (known && uri.getHost() != null && (hasScheme || path.isEmpty() || path.equals("/"))) {
                if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
                    remarks.warning(where + ": only scheme, host, port and path of the address are used");
                }
                return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), path, null, null);
            }
        } catch (URISyntaxException _) {
            // The address is reported below.
        }
        remarks.error(where + " is not an address: \"" + text
                + "\"; allowed are http://HOST:PORT and https://HOST:PORT, with or"
                + " without a path, and HOST:PORT");
        return URI.create("http://invalid");
    }
}
