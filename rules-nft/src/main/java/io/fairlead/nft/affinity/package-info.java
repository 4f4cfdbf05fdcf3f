/**
 * Clients of removed endpoints in the kernel's affinity maps. The rules also forget such clients, at the cost of one
 * packet per client. This package deletes them earlier, so that hardly any client loses a packet.
 */
@NullMarked
package io.fairlead.nft.affinity;

import org.jspecify.annotations.NullMarked;
