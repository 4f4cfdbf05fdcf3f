/**
 * Reads kube-proxy's configuration file, {@code kubeproxy.config.k8s.io/v1alpha1}. This package parses the file, sets
 * defaults, validates the values, and converts them to the settings that the agent and the rules depend on. Entry
 * types: {@link io.fairlead.config.ConfigReader} and {@link io.fairlead.config.KubeProxyConfig}. This package does not
 * depend on the command line.
 */
@NullMarked
package io.fairlead.config;

import org.jspecify.annotations.NullMarked;
