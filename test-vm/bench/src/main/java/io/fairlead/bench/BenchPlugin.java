package io.fairlead.bench;

import io.fairlead.bench.cluster.RealBenchCommand;
import io.fairlead.cli.CommandPlugin;
import io.fairlead.cli.Surroundings;
import java.util.List;
import picocli.CommandLine;

/** Adds the commands {@code fairlead bench} and {@code fairlead bench real}. */
public final class BenchPlugin implements CommandPlugin {
    @Override
    public List<CommandLine> commands(Surroundings surroundings) {
        return List.of(new CommandLine(new BenchCommand(surroundings))
                .addSubcommand(new CommandLine(new RealBenchCommand(surroundings))));
    }
}
