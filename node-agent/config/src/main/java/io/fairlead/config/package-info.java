/**
 * kube-proxy's configuration file, {@code kubeproxy.config.k8s.io/v1alpha1}: read, defaulted, validated, and turned
 * into the settings that rules depend on. Entry types: {@link io.fairlead.config.ConfigReader} and {@link
 * io.fairlead.config.KubeProxyConfig}. Knows nothing of the command line.
 */
@NullMarked
package io.fairlead.config;

import org.jspecify.annotations.NullMarked;
