/**
 * Removes the UDP flows whose packets conntrack still sends to endpoints that no longer serve. The package does this
 * after rules have changed, without delaying rules (CT-1 to CT-9). Entry type: {@link
 * io.fairlead.conntrack.ConntrackReconciler}. It uses netlink, and depends on the plan but not on iptables or nftables
 * rules. It handles no protocol other than UDP.
 */
@NullMarked
package io.fairlead.conntrack;

import org.jspecify.annotations.NullMarked;
