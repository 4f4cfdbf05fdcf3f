/**
 * Reads the rules of all programs from the output of iptables-save and ip6tables-save. Both variants, and outputs with
 * or without counters, are read. Entry type: {@link io.fairlead.explain.read.iptables.SavedTables}.
 */
@NullMarked
package io.fairlead.explain.read.iptables;

import org.jspecify.annotations.NullMarked;
