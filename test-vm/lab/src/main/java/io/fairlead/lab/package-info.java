/**
 * A cluster in miniature on one machine: a node and whoever it talks to, as network namespaces joined by veth pairs,
 * with real listeners and clients in this JVM. Entry type: {@link io.fairlead.lab.Lab}. It knows nothing of Services
 * and rules: the demo and the kernel tests bring those. Needs root.
 */
@NullMarked
package io.fairlead.lab;

import org.jspecify.annotations.NullMarked;
