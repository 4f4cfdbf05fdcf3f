/**
 * Puts the agent together: source, loop, listeners, pages and node set-up. Entry type: {@link io.fairlead.agent.Agent}.
 * It decides nothing about rules.
 */
@NullMarked
package io.fairlead.agent;

import org.jspecify.annotations.NullMarked;
