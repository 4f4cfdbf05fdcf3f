/**
 * Renders a plan as iptables rules in the layout of kube-proxy (IPT-1 to IPT-29), without side effects. Entry type:
 * {@link io.fairlead.iptables.render.Renderer}.
 */
@NullMarked
package io.fairlead.iptables.render;

import org.jspecify.annotations.NullMarked;
