/**
 * The iptables backend. Entry types: {@link io.fairlead.iptables.IptablesLayout} is its pure half and {@link
 * io.fairlead.iptables.IptablesKernel} its kernel half; they lead to everything else. The sub-packages are: rules as
 * values ({@code rule}), plan to rules ({@code render}), chains that list frontends ({@code dispatch}), text to and
 * from the tools ({@code text}), the change from one set of rules to another ({@code diff}), changes that follow a plan
 * ({@code follow}), the path of a packet ({@code trace}), and the access to the kernel ({@code kernel}).
 */
@NullMarked
package io.fairlead.iptables;

import org.jspecify.annotations.NullMarked;
