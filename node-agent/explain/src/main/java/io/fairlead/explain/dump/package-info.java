/**
 * Reads the rules, addresses, routes and connections of a node, from files or from the kernel. Entry types: {@link
 * io.fairlead.explain.dump.Dump} and {@link io.fairlead.explain.dump.LiveDump}.
 */
@NullMarked
package io.fairlead.explain.dump;

import org.jspecify.annotations.NullMarked;
