package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.AffinityText;
import io.fairlead.nft.text.FamilyText;
import io.fairlead.nft.text.TableText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Accesses nftables through the program nft, which is started for each call. A change takes 3 to 4 ms more than with
 * netlink.
 */
public final class NftProgram implements Nftables {
    /** The time limit for a call. 250,000 endpoints took 6 s on two shared cores. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final ProcessRunner runner;

    /**
     * Creates an instance for the program nft that {@code runner} finds on its path. nft runs in the network namespace
     * of the runner.
     */
    public NftProgram(ProcessRunner runner) {
        this.runner = runner;
    }

    /**
     * Returns the output of {@code nft --version}.
     *
     * @throws io.fairlead.linux.process.ProgramMissingException if nft is not installed
     */
    public ProcessResult version() {
        return runner.run(Command.of("nft", "--version"));
    }

    @Override
    public Answer apply(Transaction transaction) {
        ProcessResult result = runner.run(new Command(List.of("nft", "-f", "-"), List.of(transaction.text()), LONGEST));
        if (result.timedOut()) {
            return new Answer.TimedOut();
        }
        return result.succeeded() ? new Answer.Done() : Refusal.read(result.reason(), transaction);
    }

    @Override
    public Optional<ReadTable> read(IpFamily family) {
        return listed(Command.of("nft", "-sy", "list", "table", FamilyText.of(family), Table.NAME))
                .map(listing -> new ReadTable(TableText.parse(listing), AffinityText.counts(listing)));
    }

    @Override
    public Optional<List<Client>> clients(IpFamily family, SetName map) {
        return listed(Command.of("nft", "-sy", "list", "map", FamilyText.of(family), Table.NAME, map.toString()))
                .map(AffinityText::clients);
    }

    private Optional<String> listed(Command command) {
        ProcessResult result = runner.run(command.withTimeout(LONGEST));
        if (result.succeeded()) {
            return Optional.of(result.output());
        }
        if (result.timedOut()) {
            throw Refusal.timedOut("listing the table");
        }
        if (Refusal.saysMissing(result.error())) {
            return Optional.empty();
        }
        throw Refusal.ofListing(result.reason());
    }
}
