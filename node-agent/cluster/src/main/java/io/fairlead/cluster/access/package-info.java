/**
 * Where the API server is and who this program is there, as a checked value: kubeconfig files, the address of {@code
 * --master}, the account of a pod, and the proxies of the environment, by the rules of client-go 0.37. Entry type:
 * {@link io.fairlead.cluster.access.AccessReader}. It opens no connection and knows nothing of TLS.
 */
@NullMarked
package io.fairlead.cluster.access;

import org.jspecify.annotations.NullMarked;
