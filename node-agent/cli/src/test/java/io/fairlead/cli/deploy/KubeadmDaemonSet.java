package io.fairlead.cli.deploy;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;

/** Reads a DaemonSet for kube-proxy that has the same form as the DaemonSet that kubeadm 1.3x creates. */
final class KubeadmDaemonSet {

    private KubeadmDaemonSet() {}

    static DaemonSet read() {
        return Serialization.unmarshal(
                Manifests.text(Path.of("src/test/resources/deploy/kubeadm-daemonset.yaml")), DaemonSet.class);
    }
}
