package io.fairlead.bench;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Counts the transactions that a backend writes, and the bytes of their texts. */
final class KernelMeter {

    /**
     * The transactions that were written since the last call of {@link #take}.
     *
     * @param transactions the number of transactions
     * @param bytes the total size of their texts in UTF-8
     */
    record Written(long transactions, long bytes) {}

    /**
     * The nftables transactions that were applied since the last call of {@link #take}. Their texts are created only by
     * that call, because this work must not lengthen the measured rounds.
     */
    private final List<Transaction> written = new ArrayList<>();

    private long transactions;
    private long bytes;

    /** Returns the number and size of the transactions since the last call. */
    Written take() {
        written.forEach(transaction -> count(transaction.text()));
        written.clear();
        Written taken = new Written(transactions, bytes);
        transactions = 0;
        bytes = 0;
        return taken;
    }

    /** Returns an nftables backend that counts the transactions and passes them on. */
    Nftables on(Nftables nftables) {
        return new Nftables() {
            @Override
            public Answer apply(Transaction transaction) {
                written.add(transaction);
                return nftables.apply(transaction);
            }

            @Override
            public List<Transaction> divided(Transaction transaction) {
                return nftables.divided(transaction);
            }

            @Override
            public Optional<ReadTable> read(IpFamily family) {
                return nftables.read(family);
            }

            @Override
            public Optional<List<Client>> clients(IpFamily family, SetName map) {
                return nftables.clients(family, map);
            }
        };
    }

    /**
     * Returns a runner that counts the input of the programs that it runs. Of the iptables programs, only
     * iptables-restore has input.
     */
    ProcessRunner on(ProcessRunner processes) {
        return command -> {
            long before = bytes;
            ProcessResult result =
                    processes.run(new Command(command.words(), counted(command.input()), command.timeout()));
            transactions += bytes > before ? 1 : 0;
            return result;
        };
    }

    /**
     * Returns the given portions unchanged, and counts each portion when the program reads it. A portion is created
     * on demand, so it is not created a second time for the count.
     */
    private Iterable<String> counted(Iterable<String> portions) {
        return () -> StreamSupport.stream(portions.spliterator(), false)
                .peek(this::countBytes)
                .iterator();
    }

    private void count(String text) {
        transactions++;
        countBytes(text);
    }

    private void countBytes(String text) {
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
    }
}
