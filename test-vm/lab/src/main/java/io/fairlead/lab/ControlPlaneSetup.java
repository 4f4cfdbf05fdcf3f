package io.fairlead.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Writes the files and builds the command lines for a real etcd and kube-apiserver on a host of a lab, without other
 * programs of a control plane. Benchmarks and tests use it.
 *
 * @param folder the folder for data, keys, certificates and logs
 * @param address the host's address
 * @param serviceRange the range of ClusterIPs: one range for each family, separated by a comma, or one IPv4 range
 */
public record ControlPlaneSetup(Path folder, String address, String serviceRange) {
    /** The URL at which etcd listens, for clients on the same host. */
    public static final String ETCD = "http://127.0.0.1:2379";

    /**
     * Writes the token file, and the keys that sign the tokens of service accounts.
     *
     * @param tokens the lines of the token file, each "token,user,id,group"
     * @throws IOException if the folder cannot be written
     */
    public void prepare(String tokens) throws IOException {
        Files.writeString(folder.resolve("tokens.csv"), tokens);
        try {
            var keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
            pem(folder.resolve("accounts.key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
            pem(folder.resolve("accounts.pub"), "PUBLIC KEY", keys.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has RSA
        }
    }

    private static void pem(Path file, String kind, byte[] key) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    /**
     * Returns the command line of etcd. It listens on the host's loopback address. It does not sync its files to disk,
     * so the last writes can be lost if the machine crashes.
     */
    public List<String> etcd(Path program) {
        return List.of(
                program.toString(),
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + ETCD,
                "--advertise-client-urls=" + ETCD,
                "--listen-peer-urls=http://127.0.0.1:2380",
                "--unsafe-no-fsync");
    }

    /**
     * Returns the command line of kube-apiserver, followed by the words {@code more}. The server listens on port 6443
     * of the address and uses RBAC.
     */
    public List<String> apiServer(Path program, String... more) {
        List<String> words = new ArrayList<>(List.of(
                program.toString(),
                "--etcd-servers=" + ETCD,
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-account-key-file=" + folder.resolve("accounts.pub"),
                "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--disable-admission-plugins=ServiceAccount",
                "--allow-privileged=true",
                "--service-cluster-ip-range=" + serviceRange,
                "--advertise-address=" + address,
                "--bind-address=" + address,
                "--secure-port=6443",
                "--cert-dir=" + folder.resolve("certificates")));
        words.addAll(List.of(more));
        return words;
    }
}
