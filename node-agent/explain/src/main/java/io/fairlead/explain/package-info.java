/**
 * Why a packet gets to its destination, or does not: the rules of all programs on a node, and what they do with a
 * packet. Entry types: {@link io.fairlead.explain.dump.Dump} for rules in files, and {@link
 * io.fairlead.explain.walk.NodeTracer}, which follows a packet. It depends on no Kubernetes object.
 */
@NullMarked
package io.fairlead.explain;

import org.jspecify.annotations.NullMarked;
