package io.fairlead.cli;

import java.util.List;
import picocli.CommandLine;

/**
 * Adds commands that are not part of the product, such as the demo and the benchmarks. {@link Main} finds plug-ins with
 * {@link java.util.ServiceLoader}. Therefore the product does not depend on them, and its image does not contain them.
 */
public interface CommandPlugin {

    /** Returns the subcommands to add to {@code fairlead}, in the order in which the help lists them. */
    List<CommandLine> commands(Surroundings surroundings);
}
