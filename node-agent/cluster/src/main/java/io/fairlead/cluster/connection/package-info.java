/**
 * The connection to the API server, at the seams of fabric8 8.0.0 and OkHttp 5: TLS with certificates that are read
 * again while the program runs, credentials for each request, proxies, and connections that are left when they die.
 * Entry type: {@link io.fairlead.cluster.connection.Connection}. It knows nothing of Kubernetes objects.
 *
 * <p>fabric8 reads a client's key and certificate once and only RSA and some EC keys, passes over {@code tokenFile},
 * {@code tls-server-name} and the certificates of login programs, and runs such a program again only when its token is
 * refused. Its client is therefore made from a {@link io.fairlead.cluster.access.Access} here, not from its own Config.
 */
@NullMarked
package io.fairlead.cluster.connection;

import org.jspecify.annotations.NullMarked;
