package io.fairlead.bench;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.rule.SetName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Counts what is handed to the kernel's tools to be written: how many transactions, and how long their texts are. */
final class KernelMeter {

    /**
     * What was written.
     *
     * @param transactions how many texts
     * @param bytes of all of them, UTF-8
     */
    record Written(long transactions, long bytes) {}

    private long transactions;
    private long bytes;

    /** What was written since the last call. */
    Written take() {
        Written written = new Written(transactions, bytes);
        transactions = 0;
        bytes = 0;
        return written;
    }

    /** The same nftables, measured. */
    Nftables on(Nftables nftables) {
        return new Nftables() {
            @Override
            public Answer apply(String commands) {
                count(commands);
                return nftables.apply(commands);
            }

            @Override
            public Optional<String> list(IpFamily family) {
                return nftables.list(family);
            }

            @Override
            public Optional<String> list(IpFamily family, SetName map) {
                return nftables.list(family, map);
            }
        };
    }

    /**
     * The same runner; programs that are given something to read are measured: among those of iptables, restore alone.
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

    /** The same portions, each counted when it is taken: they are not made a second time for it. */
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
