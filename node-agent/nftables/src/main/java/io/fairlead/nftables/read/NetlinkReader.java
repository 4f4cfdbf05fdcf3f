package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.RefusedException;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Reads tables of nftables in one network namespace. Thread-safe; calls run one after the other. Each attempt to read
 * uses a new socket, because the remaining datagrams of a failed dump could still arrive at the old socket.
 */
public final class NetlinkReader {
    /**
     * The greatest number of attempts to read a table. An attempt fails if any program changes any table during the
     * dump. A dump of 10,000 Services takes about 100 ms.
     */
    private static final int MOST_TRIES = 20;

    private final Libc libc;
    private final NetworkNamespace namespace;
    private final ForeignText text;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
    private final ReentrantLock lock = new ReentrantLock();

    /** Creates a reader of the tables in a network namespace. */
    public NetlinkReader(Libc libc, NetworkNamespace namespace, ForeignText text) {
        this.libc = libc;
        this.namespace = namespace;
        this.text = text;
    }

    /**
     * Returns Fairlead's table of one family; empty if the table does not exist. All its content is from one generation
     * of the ruleset, so no transaction is seen in part.
     *
     * @throws ApplyFailedException if the table or map cannot be read
     */
    public Optional<ReadTable> read(IpFamily family) {
        return attempt(dumps -> {
            TableAssembly table = new TableAssembly(family, Table.NAME, text);
            long generation = dumps.generation();
            dumps.run(NFT_MSG_GETTABLE, family, "", "", table::table);
            if (table.exists()) {
                dumps.run(NFT_MSG_GETSET, family, Table.NAME, "", table::set);
                dumps.run(NFT_MSG_GETOBJ, family, Table.NAME, "", table::object);
                dumps.run(NFT_MSG_GETFLOWTABLE, family, Table.NAME, "", table::flowtable);
                for (String set : table.setsWithElements()) {
                    dumps.run(NFT_MSG_GETSETELEM, family, Table.NAME, set, table::elements);
                }
                dumps.run(NFT_MSG_GETCHAIN, family, "", "", table::chain);
                dumps.run(NFT_MSG_GETRULE, family, Table.NAME, "", table::rule);
            }
            if (dumps.generation() != generation) {
                throw new RulesetChangedException();
            }
            return table.build();
        });
    }

    /**
     * Returns the clients in an affinity map of Fairlead's table; empty if there is no such map.
     *
     * @throws ApplyFailedException if the table or map cannot be read
     */
    public Optional<List<Client>> clients(IpFamily family, SetName map) {
        return attempt(dumps -> {
            List<Client> clients = new ArrayList<>();
            ClientReader reader = new ClientReader(family, clients);
            try {
                dumps.run(NFT_MSG_GETSETELEM, family, Table.NAME, map.text(), reader::elements);
                return Optional.of(clients);
            } catch (RefusedException e) {
                if (e.errno() == Errno.ENOENT) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /**
     * Runs a function that reads with several dumps. If the function throws {@link RulesetChangedException}, or if a
     * set is deleted before its elements are read, the function is called again with a new socket, up to 20 times.
     *
     * @throws ApplyFailedException if the rules cannot be read
     */
    public <T> T attempt(Function<TableDumps, T> read) {
        lock.lock();
        try {
            return attemptLocked(read);
        } finally {
            lock.unlock();
        }
    }

    private <T> T attemptLocked(Function<TableDumps, T> read) {
        for (int i = 0; i < MOST_TRIES; i++) {
            try (NetlinkSocket socket = NetlinkSocket.open(libc, namespace, Netlink.NETFILTER)) {
                return read.apply(new TableDumps(socket, buffer));
            } catch (RulesetChangedException _) {
                // Another program changed the ruleset during this attempt. The next attempt may succeed.
            } catch (RefusedException e) {
                // The set was deleted after it was listed.
                if (e.errno() != Errno.ENOENT) {
                    throw failed(e, kind(e.errno()));
                }
            } catch (NetlinkException e) {
                throw failed(e, kind(e.errno()));
            } catch (IllegalStateException e) {
                throw failed(e, Kind.REJECTED);
            }
        }
        throw new ApplyFailedException(
                Kind.TIMED_OUT,
                "cannot read the table: other programs changed the rules of nftables during each of " + MOST_TRIES
                        + " attempts",
                "",
                List.of(),
                List.of());
    }

    private static Kind kind(int errno) {
        return switch (errno) {
            case Errno.EPERM -> Kind.NOT_PERMITTED;
            case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT ->
                Kind.MISSING_KERNEL_FEATURE;
            case Errno.ETIMEDOUT -> Kind.TIMED_OUT;
            default -> Kind.REJECTED;
        };
    }

    private static ApplyFailedException failed(RuntimeException cause, Kind kind) {
        ApplyFailedException failure = new ApplyFailedException(
                kind, "cannot read the table: " + cause.getMessage(), "", List.of(), List.of());
        failure.initCause(cause);
        return failure;
    }
}
