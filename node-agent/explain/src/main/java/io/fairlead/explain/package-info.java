/**
 * Explains why a packet reaches its destination or not, by the rules of all programs on a node. Entry types: {@link
 * io.fairlead.explain.dump.Dump}, which reads rules from files, and {@link io.fairlead.explain.walk.NodeTracer}, which
 * follows a packet through the rules. The package uses no objects of Kubernetes.
 */
@NullMarked
package io.fairlead.explain;

import org.jspecify.annotations.NullMarked;
