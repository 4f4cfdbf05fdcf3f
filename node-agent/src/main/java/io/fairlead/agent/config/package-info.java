/**
 * kube-proxy's configuration file, {@code kubeproxy.config.k8s.io/v1alpha1}: read, defaulted, validated, and turned into the
 * settings that rules depend on. Entry types: {@link io.fairlead.agent.config.ConfigReader} and
 * {@link io.fairlead.agent.config.KubeProxyConfig}. Knows nothing of the command line.
 */
@NullMarked
package io.fairlead.agent.config;

import org.jspecify.annotations.NullMarked;
