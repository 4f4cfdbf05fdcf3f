/**
 * Implements the command line: options, commands, and their output for users and programs. Entry type: {@link
 * io.fairlead.cli.Main}. No other package writes to standard output.
 */
@NullMarked
package io.fairlead.cli;

import org.jspecify.annotations.NullMarked;
