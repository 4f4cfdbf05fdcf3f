/**
 * What a node shows of itself without a program: files below /proc, and pages of its own servers. Entry type:
 * {@link io.fairlead.linux.node.NodeFacts}.
 */
@NullMarked
package io.fairlead.linux.node;

import org.jspecify.annotations.NullMarked;
