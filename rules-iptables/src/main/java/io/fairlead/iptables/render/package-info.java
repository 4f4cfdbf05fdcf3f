/**
 * From a plan to iptables rules, as kube-proxy lays them out (IPT-1 to IPT-29). Entry type:
 * {@link io.fairlead.iptables.render.Renderer}. Pure.
 */
@NullMarked
package io.fairlead.iptables.render;

import org.jspecify.annotations.NullMarked;
