package io.fairlead.cli.deploy;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;

/** kube-proxy's DaemonSet in the form of kubeadm 1.3x, written for these tests. */
final class KubeadmDaemonSet {

    private KubeadmDaemonSet() {}

    static DaemonSet read() {
        return Serialization.unmarshal(
                Manifests.text(Path.of("src/test/resources/deploy/kubeadm-daemonset.yaml")), DaemonSet.class);
    }
}
