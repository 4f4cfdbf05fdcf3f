/**
 * The command line: options, commands, and the text that people and programs read. Entry type:
 * {@link io.fairlead.cli.Main}. The only package that writes to standard output.
 */
@NullMarked
package io.fairlead.cli;

import org.jspecify.annotations.NullMarked;
