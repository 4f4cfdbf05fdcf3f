/**
 * What a node says of itself: rules, addresses, routes and connections, in files or live. Entry types: {@link
 * io.fairlead.explain.dump.Dump} and {@link io.fairlead.explain.dump.LiveDump}.
 */
@NullMarked
package io.fairlead.explain.dump;

import org.jspecify.annotations.NullMarked;
