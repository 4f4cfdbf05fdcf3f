/**
 * Deletes the clients of removed endpoints from affinity maps in the kernel. The rules also delete such clients, but
 * each client then loses one packet. This package deletes the clients earlier, so that hardly any client loses a
 * packet.
 */
@NullMarked
package io.fairlead.nft.affinity;

import org.jspecify.annotations.NullMarked;
