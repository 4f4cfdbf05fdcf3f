package io.fairlead.nftables.write;

import io.fairlead.nft.kernel.Transaction;

/** Measures the lengths of transactions as netlink messages, without a kernel. */
public final class MessageSizes {
    private final Batch batch = new Batch();

    /** Encodes a transaction and returns its length in bytes. */
    public int of(Transaction transaction) {
        try {
            return batch.write(transaction, 1).remaining();
        } finally {
            batch.release();
        }
    }
}
