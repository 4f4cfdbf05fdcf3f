package io.fairlead.explain.dump;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/** Lists the rules with the program nft. */
public final class NftProgramListing implements NftListing {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final List<String> WORDS = List.of("nft", "-a", "list", "ruleset");

    private final ProcessRunner runner;

    /** Creates a listing that starts nft with {@code runner}. */
    public NftProgramListing(ProcessRunner runner) {
        this.runner = runner;
    }

    @Override
    public Listed list() {
        try {
            ProcessResult result = runner.run(new Command(WORDS, List.of(), LONGEST));
            if (result.succeeded()) {
                return new Listed(result.output(), new TreeMap<>());
            }
            throw new UnavailableException(String.join(" ", WORDS) + " failed: "
                    + result.error().strip().lines().findFirst().orElse("no reason given"));
        } catch (ProgramMissingException e) {
            throw new UnavailableException(String.valueOf(e.getMessage()));
        }
    }
}
