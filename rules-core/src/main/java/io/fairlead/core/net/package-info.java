/**
 * Addresses, prefixes and protocols as small immutable values. Entry type: {@link io.fairlead.core.net.Ip}. Depends
 * only on the JDK. Parsing never queries a name service.
 */
@NullMarked
package io.fairlead.core.net;

import org.jspecify.annotations.NullMarked;
