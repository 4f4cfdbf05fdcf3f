/**
 * nftables without a program: libnftables in this process, by JNR-FFI. Entry type:
 * {@link io.fairlead.nft.libnftables.Libnftables}.
 */
@NullMarked
package io.fairlead.nft.libnftables;

import org.jspecify.annotations.NullMarked;
