/**
 * Finds and checks the address of the API server and the credentials for it. The sources are kubeconfig files, the
 * address of {@code --master}, the service account of a pod, and the environment variables that name a proxy. The rules
 * are the same as in client-go 0.37. Entry type: {@link io.fairlead.cluster.access.AccessReader}. This package opens no
 * connection and does not know TLS.
 */
@NullMarked
package io.fairlead.cluster.access;

import org.jspecify.annotations.NullMarked;
