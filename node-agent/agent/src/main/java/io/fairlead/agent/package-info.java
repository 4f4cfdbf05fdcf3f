/**
 * Assembles the agent from its parts: the source of objects, the loop, the listeners, the HTTP pages and the set-up of
 * the node. The loop runs rounds: in each round it takes the changed objects, computes the rules and applies them. A
 * listener receives the result of each round. Entry type: {@link io.fairlead.agent.Agent}. This package decides nothing
 * about rules.
 */
@NullMarked
package io.fairlead.agent;

import org.jspecify.annotations.NullMarked;
