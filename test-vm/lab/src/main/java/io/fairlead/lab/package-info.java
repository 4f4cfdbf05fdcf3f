/**
 * A small cluster on one machine: a node, pods and other hosts. Each is a network namespace that a veth pair connects
 * to the node. Real listeners and clients run in this JVM. Entry type: {@link io.fairlead.lab.Lab}. The lab has no
 * Services and no rules; the demo and the kernel tests add them. It needs root.
 */
@NullMarked
package io.fairlead.lab;

import org.jspecify.annotations.NullMarked;
