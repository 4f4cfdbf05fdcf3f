package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the API server is and who we are there (CFG-14): a kubeconfig, or the account of the pod. Environment and root folder
 * come in from outside.
 */
record Credentials(Map<String, String> environment, Path root) {
    private static final String SERVICE_ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";

    /**
     * What the client needs, without looking anywhere else (no ~/.kube/config, no system properties).
     *
     * @param kubeconfig "" for none
     * @param master an address that goes before the kubeconfig's; "" for none
     * @throws ApiServerException if a file is missing or makes no sense
     */
    Config read(String kubeconfig, String master) {
        if (!kubeconfig.isEmpty()) {
            Config config = fromKubeconfig(Path.of(kubeconfig));
            if (!master.isEmpty()) {
                config.setMasterUrl(master);
            }
            return config;
        }
        return master.isEmpty()
                ? fromServiceAccount()
                : new ConfigBuilder(Config.empty()).withMasterUrl(master).build();
    }

    private static Config fromKubeconfig(Path file) {
        try {
            Config config = Config.fromKubeconfig(file.toFile());
            Optional<Path> tokenFile = tokenFile(config, file);
            if (tokenFile.isPresent()) {
                config.setOauthTokenProvider(new TokenFile(tokenFile.get()));
            }
            return config;
        } catch (IOException | KubernetesClientException | IllegalArgumentException e) {
            throw new ApiServerException("cannot use the kubeconfig " + file + ": " + Traffic.describe(e), e);
        }
    }

    private static Optional<Path> tokenFile(Config config, Path file) throws IOException {
        NamedContext context = config.getCurrentContext();
        if (context == null || context.getContext() == null) {
            throw new ApiServerException("the kubeconfig " + file + " has no current-context", null);
        }
        String user = context.getContext().getUser();
        io.fabric8.kubernetes.api.model.Config whole = Serialization.unmarshal(
                Files.readString(file, StandardCharsets.UTF_8), io.fabric8.kubernetes.api.model.Config.class);
        return whole.getUsers().stream()
                .filter(named -> named.getName().equals(user) && named.getUser() != null)
                .map(named -> named.getUser().getTokenFile())
                .filter(path -> path != null && !path.isEmpty())
                .findFirst()
                .map(path -> file.toAbsolutePath().resolveSibling(path));
    }

    private Config fromServiceAccount() {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        if (host.isEmpty() || port.isEmpty()) {
            throw new ApiServerException(
                    "no API server: give --kubeconfig or --master, or run in a pod"
                            + " (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)",
                    null);
        }
        Path account = root.resolve(SERVICE_ACCOUNT);
        try {
            return new ConfigBuilder(Config.empty())
                    .withMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
                    .withCaCertFile(account.resolve("ca.crt").toString())
                    .withOauthTokenProvider(new TokenFile(account.resolve("token")))
                    .build();
        } catch (IOException e) {
            throw new ApiServerException("cannot read the pod's account: " + Traffic.describe(e), e);
        }
    }
}
