/**
 * Reads facts of a node without starting a program: files, for example below /proc, and pages of servers on the node.
 * Entry type: {@link io.fairlead.linux.node.NodeFacts}.
 */
@NullMarked
package io.fairlead.linux.node;

import org.jspecify.annotations.NullMarked;
