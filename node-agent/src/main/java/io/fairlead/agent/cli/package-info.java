/**
 * The command line: parsing, text for people, exit codes. {@link io.fairlead.agent.cli.Main} starts it; no other
 * package prints to the terminal.
 */
@NullMarked
package io.fairlead.agent.cli;

import org.jspecify.annotations.NullMarked;
