/**
 * Removes UDP flows that conntrack still sends to endpoints that no longer serve. It does this after rules have
 * changed, without delaying rules (CT-1 to CT-9). Entry type: {@link io.fairlead.conntrack.ConntrackReconciler}.
 * It uses netlink and depends on the plan, not on a dialect. No protocol other than UDP can be expressed here.
 */
@NullMarked
package io.fairlead.conntrack;

import org.jspecify.annotations.NullMarked;
