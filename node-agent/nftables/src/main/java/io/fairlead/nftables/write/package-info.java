/**
 * Writes Fairlead's tables into the kernel by netlink. A transaction becomes one batch of messages. The expressions of
 * its rules are the same that nft would create from the rules' text. Only the socket does input and output. Entry type:
 * {@link io.fairlead.nftables.write.NetlinkWriter}.
 */
@NullMarked
package io.fairlead.nftables.write;

import org.jspecify.annotations.NullMarked;
