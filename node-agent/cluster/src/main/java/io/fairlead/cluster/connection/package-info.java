/**
 * Connects fabric8 8.0.0 to the API server through OkHttp 5. It reads certificates again while the program runs, adds
 * credentials to each request, uses proxies, and closes dead connections. Entry type: {@link
 * io.fairlead.cluster.connection.Connection}. This package does not know Kubernetes objects.
 *
 * <p>fabric8 reads a client's key and certificate only once, and reads only RSA and some EC keys. It ignores {@code
 * tokenFile}, {@code tls-server-name} and the certificates of login programs, and runs a login program again only when
 * its token is refused. Therefore this package creates fabric8's HTTP client from a {@link
 * io.fairlead.cluster.access.Access}, not from fabric8's Config.
 */
@NullMarked
package io.fairlead.cluster.connection;

import org.jspecify.annotations.NullMarked;
