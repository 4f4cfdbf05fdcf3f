/**
 * What is left in the kernel's affinity maps of endpoints that have gone. The rules look after themselves (a client of
 * such an endpoint loses a packet and is then free); this package looks first, so that hardly any client notices.
 */
@NullMarked
package io.fairlead.nft.affinity;

import org.jspecify.annotations.NullMarked;
