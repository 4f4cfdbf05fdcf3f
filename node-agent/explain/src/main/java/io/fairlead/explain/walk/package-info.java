/**
 * Follows a packet through the rules of all programs on a node, hook by hook in the kernel's order. Entry type: {@link
 * io.fairlead.explain.walk.NodeTracer}. The effect of a rule whose meaning is unknown is never guessed: the result
 * names the rule.
 */
@NullMarked
package io.fairlead.explain.walk;

import org.jspecify.annotations.NullMarked;
