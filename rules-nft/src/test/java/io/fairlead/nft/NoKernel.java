package io.fairlead.nft;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import java.util.List;
import java.util.Optional;

/** A kernel for tests that must not use the kernel: every call fails the test. */
final class NoKernel implements Nftables {

    @Override
    public Answer apply(Transaction transaction) {
        throw new AssertionError("nothing is to be applied: " + transaction.text());
    }

    @Override
    public Optional<ReadTable> read(IpFamily family) {
        throw new AssertionError("nothing is to be read: " + family);
    }

    @Override
    public Optional<List<Client>> clients(IpFamily family, SetName map) {
        throw new AssertionError("nothing is to be read: " + map);
    }
}
