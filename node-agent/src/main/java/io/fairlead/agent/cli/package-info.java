/**
 * The command line: options, commands, and the text that people and programs read. Entry type:
 * {@link io.fairlead.agent.cli.Main}. The only package that writes to standard output.
 */
@NullMarked
package io.fairlead.agent.cli;

import org.jspecify.annotations.NullMarked;
