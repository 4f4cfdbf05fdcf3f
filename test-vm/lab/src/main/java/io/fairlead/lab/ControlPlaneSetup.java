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
 * The files and command lines with which a real etcd and kube-apiserver run alone on a host of a lab. For benchmarks
 * and tests.
 *
 * @param folder folder for data, keys, certificates and logs
 * @param address the host's address
 * @param serviceRange range of ClusterIPs, one of each family or of IPv4 only
 */
public record ControlPlaneSetup(Path folder, String address, String serviceRange) {
    /** Where etcd listens, for clients on the same host. */
    public static final String ETCD = "http://127.0.0.1:2379";

    /**
     * Writes the token file and the keys of service accounts.
     *
     * @param tokens lines of a token file: "token,user,id,group"
     * @throws IOException if the folder cannot be written
     */
    public void prepare(String tokens) throws IOException {
        Files.writeString(folder.resolve("tokens.csv"), tokens);
        try {
            var keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
            pem(folder.resolve("accounts.key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
            pem(folder.resolve("accounts.pub"), "PUBLIC KEY", keys.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has RSA
        }
    }

    private static void pem(Path file, String kind, byte[] key) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    /**
     * Returns the command line of an etcd that listens on the host's loopback address. It does not sync its files, so a
     * crash of the machine can lose the last writes.
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

    /** Returns the command line of a kube-apiserver with RBAC on port 6443 of the address, with these words added. */
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
