package io.fairlead.demo;

import io.fairlead.cli.CommandPlugin;
import io.fairlead.cli.Surroundings;
import java.util.List;
import picocli.CommandLine;

/** Adds the command {@code fairlead demo}. */
public final class DemoPlugin implements CommandPlugin {
    @Override
    public List<CommandLine> commands(Surroundings surroundings) {
        return List.of(new CommandLine(new DemoCommand(surroundings)));
    }
}
