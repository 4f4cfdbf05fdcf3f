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

/** Counts the transactions that are written to the kernel's tools, and the bytes of their texts. */
final class KernelMeter {

    /**
     * What was written.
     *
     * @param transactions number of texts
     * @param bytes total size of the texts in UTF-8
     */
    record Written(long transactions, long bytes) {}

    /** The transactions of nftables, whose texts are made after the measurement. */
    private final List<Transaction> written = new ArrayList<>();

    private long transactions;
    private long bytes;

    /** Returns what was written since the last call. */
    Written take() {
        written.forEach(transaction -> count(transaction.text()));
        written.clear();
        Written taken = new Written(transactions, bytes);
        transactions = 0;
        bytes = 0;
        return taken;
    }

    /** Wraps an nftables so that its writes are counted. */
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

    /** Wraps a runner so that the input of its programs is counted. Of iptables' programs only restore has input. */
    ProcessRunner on(ProcessRunner processes) {
        return command -> {
            long before = bytes;
            ProcessResult result =
                    processes.run(new Command(command.words(), counted(command.input()), command.timeout()));
            transactions += bytes > before ? 1 : 0;
            return result;
        };
    }

    /** Returns the same portions. Each is counted when the program reads it, so that it is not made twice. */
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
