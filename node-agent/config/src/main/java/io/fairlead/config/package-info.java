/**
 * kube-proxy's configuration file, {@code kubeproxy.config.k8s.io/v1alpha1}. This package reads it, sets defaults,
 * validates it, and converts it to the settings that rules depend on. Entry types: {@link
 * io.fairlead.config.ConfigReader} and {@link io.fairlead.config.KubeProxyConfig}. It does not depend on the command
 * line.
 */
@NullMarked
package io.fairlead.config;

import org.jspecify.annotations.NullMarked;
