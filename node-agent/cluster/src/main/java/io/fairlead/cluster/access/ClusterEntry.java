package io.fairlead.cluster.access;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the list {@code clusters} of a kubeconfig.
 *
 * @param proxyUrl the URL of a proxy; "" for none
 * @param pluginSettings the settings of the cluster for login programs. A login program receives them if its entry
 *     requests settings of the cluster; null for none
 */
record ClusterEntry(
        URI server,
        String serverName,
        Trust trust,
        String proxyUrl,
        String proxyField,
        boolean compressionDisabled,
        @Nullable Object pluginSettings,
        Remarks remarks) {
    private static final String PLUGIN_EXTENSION = "client.authentication.k8s.io/exec";

    /** Returns a cluster that has only an address. */
    static ClusterEntry ofAddress(URI server, Remarks remarks) {
        return new ClusterEntry(server, "", new Trust.OfSystem(), "", "", false, null, remarks);
    }

    boolean secure() {
        return server.getScheme().equals("https");
    }

    static ClusterEntry read(YamlMap entry, String master, Remarks remarks) {
        String address = entry.text("server");
        URI server = master.isEmpty()
                ? AccessReader.server(address, entry.where("server"), remarks)
                : AccessReader.server(master, "--master", remarks);
        String serverName = entry.text("tls-server-name");
        if (!master.isEmpty() && !serverName.isEmpty()) {
            remarks.warning(entry.where("tls-server-name") + " is ignored, because --master is given");
            serverName = "";
        }
        boolean secure = server.getScheme().equals("https");
        Trust trust = trust(entry, secure ? remarks : new Remarks());
        if (!secure) {
            for (String field : new String[] {
                "tls-server-name", "insecure-skip-tls-verify", "certificate-authority", "certificate-authority-data"
            }) {
                if (entry.has(field)) {
                    remarks.warning(entry.where(field) + " is ignored, because the server's address is http");
                }
            }
        }
        Object settings = null;
        for (YamlMap extension : entry.maps("extensions")) {
            if (extension.text("name").equals(PLUGIN_EXTENSION)) {
                settings = extension.tree("extension");
            }
        }
        ClusterEntry read = new ClusterEntry(
                server,
                serverName,
                trust,
                entry.text("proxy-url"),
                entry.where("proxy-url"),
                entry.flag("disable-compression"),
                settings,
                remarks);
        entry.warnOfOthers();
        return read;
    }

    private static Trust trust(YamlMap entry, Remarks remarks) {
        String file = entry.text("certificate-authority");
        String data = entry.decoded("certificate-authority-data");
        boolean insecure = entry.flag("insecure-skip-tls-verify");
        if (!file.isEmpty() && !data.isEmpty()) {
            remarks.error(entry.where("certificate-authority")
                    + " and certificate-authority-data are both given; only one is allowed");
        }
        if (insecure && !(file.isEmpty() && data.isEmpty())) {
            remarks.error(entry.where("insecure-skip-tls-verify") + " is given together with a certificate authority;"
                    + " only one of them is allowed");
        }
        if (insecure) {
            return new Trust.Unchecked();
        }
        if (!data.isEmpty()) {
            return new Trust.Authorities(new PemSource.InText(entry.where("certificate-authority-data"), data));
        }
        if (!file.isEmpty()) {
            return new Trust.Authorities(
                    new PemSource.InFile(entry.where("certificate-authority"), beside(entry, file)));
        }
        return new Trust.OfSystem();
    }

    /** Returns the absolute form of a path in a kubeconfig. A relative path starts at the folder of the kubeconfig. */
    static Path beside(YamlMap entry, String path) {
        return Path.of(entry.file()).toAbsolutePath().resolveSibling(path).normalize();
    }

    Optional<URI> proxy(Map<String, String> environment) {
        return proxyUrl.isEmpty()
                ? Proxies.ofEnvironment(server, environment, remarks)
                : Proxies.ofKubeconfig(proxyUrl, proxyField, remarks);
    }

    /** Returns the fields of {@code spec.cluster} in the ExecCredential object that a login program receives. */
    Map<String, Object> forPlugin() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("server", server.toString());
        if (!serverName.isEmpty()) {
            fields.put("tls-server-name", serverName);
        }
        switch (trust) {
            case Trust.OfSystem _ -> {}
            case Trust.Unchecked _ -> fields.put("insecure-skip-tls-verify", true);
            case Trust.Authorities(PemSource pem) -> fields.put("certificate-authority-data", base64(pem));
        }
        if (!proxyUrl.isEmpty()) {
            fields.put("proxy-url", proxyUrl);
        }
        if (compressionDisabled) {
            fields.put("disable-compression", true);
        }
        if (pluginSettings != null) {
            fields.put("config", pluginSettings);
        }
        return fields;
    }

    private String base64(PemSource pem) {
        try {
            return Base64.getEncoder().encodeToString(pem.read().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            remarks.error("cannot read " + pem.name() + ": " + e);
            return "";
        }
    }
}
