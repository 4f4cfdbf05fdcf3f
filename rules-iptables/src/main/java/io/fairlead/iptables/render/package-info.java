/**
 * Renders a plan to iptables rules in the layout of kube-proxy (IPT-1 to IPT-29). Entry type:
 * {@link io.fairlead.iptables.render.Renderer}. Pure.
 */
@NullMarked
package io.fairlead.iptables.render;

import org.jspecify.annotations.NullMarked;
