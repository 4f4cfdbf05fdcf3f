/**
 * A small cluster on one machine: a node and the hosts that it talks to, as network namespaces joined by veth pairs.
 * Real listeners and clients run in this JVM. Entry type: {@link io.fairlead.lab.Lab}. The lab has no Services and no
 * rules; the demo and the kernel tests add them. Needs root.
 */
@NullMarked
package io.fairlead.lab;

import org.jspecify.annotations.NullMarked;
