package io.fairlead.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conntrack.ConntrackReading;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.fixture.ScriptedLibc;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nftables.listing.ListedText;
import io.fairlead.nftables.listing.ListingReader;
import io.fairlead.nftables.read.NetlinkReader;
import io.fairlead.nftables.write.NetlinkWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets every call to a netlink socket fail once, with each error number that a kernel under pressure returns. A reader
 * then returns everything or refuses; it never returns a part. What was opened is closed.
 */
final class NetlinkFaultTest {
    private static final String REFUSED = "refused";

    /** Returns what a reader reads, or {@link #REFUSED}. */
    private static Object read(Function<Libc, Object> reader, Libc libc) {
        try {
            return reader.apply(libc);
        } catch (ApplyFailedException | NetlinkException | UnknownRuleException e) {
            return REFUSED;
        }
    }

    private static void everyCallFailsOnce(int errno, String input, Function<Libc, Object> reader) {
        byte[] answers = Corpus.content(Corpus.FOLDER.resolve(input));
        FaultyLibc.Counted whole = FaultyLibc.of(new FuzzKernel(answers, false), 0, 0);
        Object expected = read(reader, whole.libc());
        assertThat(expected).isNotEqualTo(REFUSED);
        assertThat(whole.calls()).isGreaterThan(5);
        int refused = 0;
        for (int call = 1; call <= whole.calls(); call++) {
            ScriptedLibc kernel = new FuzzKernel(answers, false);
            FaultyLibc.Counted faulty = FaultyLibc.of(kernel, call, errno);
            Object result = read(reader, faulty.libc());
            if (!result.equals(expected)) {
                assertThat(result).as("call %d of %d", call, whole.calls()).isEqualTo(REFUSED);
                refused++;
            }
            assertThat(kernel.open).as("open after call %d", call).isEmpty();
        }
        System.out.printf(
                "%s, errno %d: %d calls failed, each once; %d readings refused, the others complete%n",
                input, errno, whole.calls(), refused);
        assertThat(refused).isLessThan(whole.calls());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS, 12 /* ENOMEM */})
    void theOwnTableIsReadWholeOrNotAtAll(int errno) {
        everyCallFailsOnce(
                errno,
                "nft-own-table/own.bin",
                libc -> new NetlinkReader(libc, NetworkNamespace.of(libc, ""), new ListedText(_ -> ""))
                        .read(IpFamily.IPV4)
                        .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS, 12 /* ENOMEM */})
    void allTablesAreReadWholeOrNotAtAll(int errno) {
        everyCallFailsOnce(
                errno,
                "nft-all-tables/own.bin",
                libc -> ListingReader.of(libc, NetworkNamespace.of(libc, ""))
                        .read()
                        .text());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS, 12 /* ENOMEM */})
    void flowsAreReadOrReportedAsUnread(int errno) {
        everyCallFailsOnce(
                errno,
                "conntrack/flows.bin",
                libc -> ConntrackReading.read(libc).<Object>map(flows -> flows).orElse(REFUSED));
    }

    /** A transaction is accepted, refused, or its fate is unknown; the next one is not taken for the last one. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS, 12 /* ENOMEM */})
    void noTransactionIsTakenForAnother(int errno) {
        int calls = refusedThenAccepted(0, errno);
        assertThat(calls).isGreaterThan(8);
        for (int call = 1; call <= calls; call++) {
            refusedThenAccepted(call, errno);
        }
    }

    /** Sends a transaction that the kernel refuses, and one that it accepts. Returns the number of calls. */
    private static int refusedThenAccepted(int fails, int errno) {
        AnsweringKernel kernel = new AnsweringKernel();
        FaultyLibc.Counted faulty = FaultyLibc.of(kernel, fails, errno);
        try (NetlinkWriter writer = NetlinkWriter.open(faulty.libc(), NetworkNamespace.of(faulty.libc(), ""))) {
            kernel.refuseNext(Errno.EINVAL);
            Object first = answer(writer, transaction());
            boolean past = faulty.calls() >= fails;
            Object second = answer(writer, transaction());
            if (kernel.sent.size() == 2) {
                assertThat(first).as("first, call %d", fails).isNotInstanceOf(Nftables.Answer.Done.class);
            }
            if (past && kernel.sent.size() == 2) {
                assertThat(second).as("second, call %d", fails).isInstanceOf(Nftables.Answer.Done.class);
            }
        } catch (NetlinkException _) {
            // The socket could not be opened.
        }
        assertThat(kernel.open).as("open after call %d", fails).isEmpty();
        return faulty.calls();
    }

    private static Object answer(NetlinkWriter writer, Transaction transaction) {
        try {
            return writer.apply(transaction);
        } catch (NetlinkException e) {
            return REFUSED;
        }
    }

    /** A refusal that could not be read must not count for the next transaction. */
    @Test
    void anUnreadRefusalDoesNotCountForTheNextTransaction() {
        AnsweringKernel kernel = new AnsweringKernel();
        try (NetlinkWriter writer = NetlinkWriter.open(kernel, NetworkNamespace.of(kernel, ""))) {
            kernel.refuseNext(Errno.EINVAL);
            kernel.fail("recv", 12);
            assertThat(answer(writer, transaction())).isEqualTo(REFUSED);

            assertThat(answer(writer, transaction())).isInstanceOf(Nftables.Answer.Done.class);
        }
    }

    private static Transaction transaction() {
        List<Transaction> written = new ArrayList<>();
        Backend<NftRuleset, NftChange> backend = new NftKernel(new Nftables() {
                    @Override
                    public Answer apply(Transaction transaction) {
                        written.add(transaction);
                        return new Answer.Done();
                    }

                    @Override
                    public Optional<ReadTable> read(IpFamily family) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<List<Client>> clients(IpFamily family, SetName map) {
                        return Optional.empty();
                    }
                })
                .backend();
        NftRuleset rules = backend.layout().render(new HostileCluster(ProxyMode.NFTABLES, 1).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), rules));
        return written.getFirst();
    }
}
