/**
 * Writes our tables into the kernel by netlink. A transaction is one batch of messages; its rules are expressions, as
 * nft makes them of the text of the same transaction. Everything except the socket is pure. Entry type: {@link
 * io.fairlead.nftables.write.NetlinkWriter}.
 */
@NullMarked
package io.fairlead.nftables.write;

import org.jspecify.annotations.NullMarked;
