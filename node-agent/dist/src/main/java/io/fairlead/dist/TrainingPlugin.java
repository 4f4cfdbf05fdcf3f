package io.fairlead.dist;

import io.fairlead.cli.CommandPlugin;
import io.fairlead.cli.Surroundings;
import java.util.List;
import picocli.CommandLine;

/** Adds the command {@code fairlead train}, which scripts/build-launcher and scripts/build-image run once. */
public final class TrainingPlugin implements CommandPlugin {
    @Override
    public List<CommandLine> commands(Surroundings surroundings) {
        return List.of(new CommandLine(new TrainingCommand()));
    }
}
