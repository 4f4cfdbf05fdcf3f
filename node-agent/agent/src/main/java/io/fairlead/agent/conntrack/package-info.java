/**
 * UDP flows that conntrack still sends to endpoints which are not to have them any more: found and forgotten after
 * rules have changed, off the rules' path (CT-1 to CT-9). Entry type: {@link
 * io.fairlead.agent.conntrack.ConntrackReconciler}. It depends on the plan and on no backend. No
 * other protocol than UDP can be expressed here.
 */
@NullMarked
package io.fairlead.agent.conntrack;

import org.jspecify.annotations.NullMarked;
