/**
 * Addresses, prefixes and protocols as small immutable values. Entry type: {@link io.fairlead.core.net.Ip}. Depends on
 * nothing but the JDK; parsing never asks a name service.
 */
@NullMarked
package io.fairlead.core.net;

import org.jspecify.annotations.NullMarked;
