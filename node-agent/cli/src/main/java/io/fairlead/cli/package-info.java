/**
 * The command line: options, commands, and the text that people and programs read. Entry type: {@link
 * io.fairlead.cli.Main}. It is the only package that writes to standard output.
 */
@NullMarked
package io.fairlead.cli;

import org.jspecify.annotations.NullMarked;
