/**
 * The functions of the C library that Fairlead calls, and network namespaces. Entry types: {@link
 * io.fairlead.linux.Libc}, which tests replace with an implementation that can make any call fail, and {@link
 * io.fairlead.linux.NetworkNamespace}.
 */
@NullMarked
package io.fairlead.linux;

import org.jspecify.annotations.NullMarked;
