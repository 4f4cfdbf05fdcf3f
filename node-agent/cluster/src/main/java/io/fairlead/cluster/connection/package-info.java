/**
 * The connection to the API server, built into fabric8 8.0.0 and OkHttp 5. It reads certificates again while the
 * program runs, adds credentials to each request, uses proxies, and closes dead connections. Entry type: {@link
 * io.fairlead.cluster.connection.Connection}. It does not know Kubernetes objects.
 *
 * <p>fabric8 reads a client's key and certificate only once, and reads only RSA and some EC keys. It ignores {@code
 * tokenFile}, {@code tls-server-name} and the certificates of login programs, and runs such a program again only when
 * its token is refused. Therefore this package creates its client from a {@link io.fairlead.cluster.access.Access}, not
 * from its own Config.
 */
@NullMarked
package io.fairlead.cluster.connection;

import org.jspecify.annotations.NullMarked;
