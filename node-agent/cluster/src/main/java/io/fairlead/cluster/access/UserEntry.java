package io.fairlead.cluster.access;

import io.fairlead.cluster.access.Access.ClientCertificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An entry of the list {@code users} of a kubeconfig. If a user has several credentials, the precedence is the same as
 * in client-go 0.37. A token, a password or a certificate takes precedence over a login program. A token file takes
 * precedence over a token.
 *
 * @param entry the fields of the entry; null for a user without credentials
 */
record UserEntry(
        @Nullable YamlMap entry,
        Optional<ClientCertificate> certificate,
        Optional<Impersonation> impersonation,
        Remarks remarks) {
    private static final Set<String> PLUGIN_VERSIONS =
            Set.of("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1");
    private static final List<String> CREDENTIALS = List.of(
            "token",
            "tokenFile",
            "username",
            "password",
            "client-certificate",
            "client-certificate-data",
            "exec",
            "auth-provider");

    static UserEntry read(Optional<YamlMap> found, boolean secure, Remarks remarks) {
        if (found.isEmpty()) {
            return new UserEntry(null, Optional.empty(), Optional.empty(), remarks);
        }
        YamlMap entry = found.get();
        Optional<ClientCertificate> certificate = certificate(entry, remarks);
        Optional<Impersonation> impersonation = impersonation(entry, remarks);
        boolean hasName = !entry.text("username").isEmpty();
        if (!entry.text("token").isEmpty()
                && (hasName || !entry.text("password").isEmpty())) {
            remarks.error(
                    entry.where("token") + " is given together with username or password; only one of them is allowed");
        } else if (secure && !entry.text("tokenFile").isEmpty() && hasName) {
            remarks.error(entry.where("tokenFile") + " is given together with username; only one of them is allowed");
        }
        CREDENTIALS.forEach(field -> entry.pass(field));
        entry.pass("extensions");
        entry.warnOfOthers();
        return new UserEntry(entry, certificate, impersonation, remarks);
    }

    /**
     * Returns the login for a connection without TLS, which sends no credentials. Reports a warning for each credential
     * of the user.
     */
    Login unsent() {
        if (entry != null) {
            CREDENTIALS.stream()
                    .filter(entry::has)
                    .forEach(field -> remarks.warning(entry.where(field)
                            + " is not sent, because the server's address is http and any listener could read it"));
        }
        return new Login.None();
    }

    Login login(ClusterEntry cluster) {
        if (entry == null) {
            return new Login.None();
        }
        refuseProvider(entry);
        Optional<Login> own = ownLogin(entry);
        Optional<YamlMap> plugin = entry.map("exec");
        if (plugin.isPresent() && (own.isPresent() || certificate.isPresent())) {
            remarks.warning(entry.where("exec")
                    + " is ignored, because the user's own token, password or certificate takes precedence");
            return own.orElse(new Login.None());
        }
        return own.or(() -> plugin.map(exec -> plugin(exec, cluster))).orElse(new Login.None());
    }

    private void refuseProvider(YamlMap user) {
        if (user.has("auth-provider")) {
            String name = user.map("auth-provider")
                    .map(provider -> provider.text("name"))
                    .orElse("");
            remarks.error(
                    user.where("auth-provider") + " " + name
                            + " is not supported, as in kube-proxy; allowed are exec, tokenFile, token and client certificates");
        }
    }

    private Optional<Login> ownLogin(YamlMap user) {
        String token = user.text("token");
        String tokenFile = user.text("tokenFile");
        if (!tokenFile.isEmpty()) {
            return Optional.of(new Login.TokenFile(ClusterEntry.beside(user, tokenFile), token));
        }
        if (!token.isEmpty()) {
            return Optional.of(new Login.Token(token));
        }
        String name = user.text("username");
        if (!name.isEmpty()) {
            return Optional.of(new Login.Password(name, user.text("password")));
        }
        if (user.has("password")) {
            remarks.warning(user.where("password") + " is ignored, because there is no username");
        }
        return Optional.empty();
    }

    private Login plugin(YamlMap exec, ClusterEntry cluster) {
        String command = exec.text("command");
        String version = exec.text("apiVersion");
        String mode = exec.text("interactiveMode");
        if (command.isEmpty()) {
            remarks.error(exec.where("command") + " is missing");
        }
        if (!PLUGIN_VERSIONS.contains(version)) {
            remarks.error(exec.where("apiVersion") + " is \"" + version + "\"; allowed are "
                    + PLUGIN_VERSIONS.stream().sorted().toList());
        }
        switch (mode) {
            case "Never", "IfAvailable" -> {}
            case "Always" ->
                remarks.error(exec.where("interactiveMode") + " is Always, but the program has no terminal;"
                        + " allowed are Never and IfAvailable");
            case "" -> {
                if (!version.endsWith("v1beta1")) {
                    remarks.error(exec.where("interactiveMode") + " is missing; allowed are Never and IfAvailable");
                }
            }
            default ->
                remarks.error(
                        exec.where("interactiveMode") + " is \"" + mode + "\"; allowed are Never and IfAvailable");
        }
        Map<String, String> environment = new HashMap<>();
        for (YamlMap variable : exec.maps("env")) {
            String name = variable.text("name");
            if (name.isEmpty()) {
                remarks.error(variable.where("name") + " is missing");
            }
            environment.put(name, variable.text("value"));
            variable.warnOfOthers();
        }
        boolean wantsCluster = exec.flag("provideClusterInfo");
        environment.put("KUBERNETES_EXEC_INFO", request(version, wantsCluster ? cluster : null));
        List<String> words = new ArrayList<>();
        words.add(command.contains("/") ? ClusterEntry.beside(exec, command).toString() : command);
        words.addAll(exec.texts("args"));
        Login.Plugin plugin =
                new Login.Plugin(exec.where("command"), words, environment, version, exec.text("installHint"));
        exec.warnOfOthers();
        return plugin;
    }

    private static String request(String version, @Nullable ClusterEntry cluster) {
        Map<String, Object> spec = new LinkedHashMap<>();
        if (cluster != null) {
            spec.put("cluster", cluster.forPlugin());
        }
        spec.put("interactive", false);
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("kind", "ExecCredential");
        request.put("apiVersion", version);
        request.put("spec", spec);
        return JsonMapper.shared().writeValueAsString(request);
    }

    private static Optional<ClientCertificate> certificate(YamlMap entry, Remarks remarks) {
        Optional<PemSource> certificate = pem(entry, "client-certificate", remarks);
        // Without a certificate, a bad key is not an error, because the key is not used.
        Optional<PemSource> key = pem(entry, "client-key", certificate.isPresent() ? remarks : new Remarks());
        if (certificate.isPresent() && key.isEmpty()) {
            remarks.error(certificate.get().name() + " is given without client-key or client-key-data");
        }
        if (certificate.isEmpty()) {
            Stream.of("client-key", "client-key-data")
                    .filter(entry::has)
                    .forEach(field -> remarks.warning(
                            entry.where(field) + " is ignored, because there is no client-certificate"));
        }
        return certificate.flatMap(chain -> key.map(found -> new ClientCertificate(chain, found)));
    }

    private static Optional<PemSource> pem(YamlMap entry, String field, Remarks remarks) {
        String file = entry.text(field);
        String data = entry.decoded(field + "-data");
        if (!file.isEmpty() && !data.isEmpty()) {
            remarks.error(entry.where(field) + " and " + field + "-data are both given; only one is allowed");
        }
        if (!data.isEmpty()) {
            return Optional.of(new PemSource.InText(entry.where(field + "-data"), data));
        }
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new PemSource.InFile(entry.where(field), ClusterEntry.beside(entry, file)));
    }

    private static Optional<Impersonation> impersonation(YamlMap entry, Remarks remarks) {
        String user = entry.text("as");
        String uid = entry.text("as-uid");
        List<String> groups = entry.texts("as-groups");
        Map<String, List<String>> extra = new LinkedHashMap<>();
        entry.map("as-user-extra").ifPresent(keys -> keys.keys().forEach(key -> extra.put(key, keys.texts(key))));
        Stream.of(Stream.of(user, uid), groups.stream(), extra.values().stream().flatMap(List::stream))
                .flatMap(values -> values)
                .filter(value -> value.chars().anyMatch(Character::isISOControl))
                .findFirst()
                .ifPresent(
                        _ -> remarks.error(entry.where("as") + ", as-uid, as-groups or as-user-extra has a line end or"
                                + " another control character, which an HTTP header cannot contain"));
        if (!user.isEmpty()) {
            return Optional.of(new Impersonation(user, uid, groups, extra));
        }
        Stream.of("as-uid", "as-groups", "as-user-extra")
                .filter(entry::has)
                .forEach(field -> remarks.error(entry.where(field) + " is given without as"));
        return Optional.empty();
    }
}
