/**
 * The iptables backend. Entry type: {@link io.fairlead.iptables.IptablesBackend}, which leads to everything else. The
 * sub-packages are: rules as values ({@code rule}), plan to rules ({@code render}), chains that list frontends
 * ({@code dispatch}), text to and from the tools ({@code text}), the change from one set of rules to another
 * ({@code diff}), changes that follow a plan ({@code follow}), the path of a packet ({@code trace}), and the access to
 * the kernel ({@code kernel}).
 */
@NullMarked
package io.fairlead.iptables;

import org.jspecify.annotations.NullMarked;
