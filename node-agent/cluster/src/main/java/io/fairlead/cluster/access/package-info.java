/**
 * The address of the API server and the credentials of this program, as a checked value. They come from kubeconfig
 * files, from the address of {@code --master}, from the account of a pod, and from the proxies of the environment, by
 * the rules of client-go 0.37. Entry type: {@link io.fairlead.cluster.access.AccessReader}. This package opens no
 * connection and does not know TLS.
 */
@NullMarked
package io.fairlead.cluster.access;

import org.jspecify.annotations.NullMarked;
