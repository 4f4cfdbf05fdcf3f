/**
 * Follows a packet through the rules of all programs on a node, hook by hook in the order of the kernel. Entry type:
 * {@link io.fairlead.explain.walk.NodeTracer}. What a rule does that is not understood is never guessed: it is named
 * in the answer.
 */
@NullMarked
package io.fairlead.explain.walk;

import org.jspecify.annotations.NullMarked;
