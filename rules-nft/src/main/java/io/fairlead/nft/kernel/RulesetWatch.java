package io.fairlead.nft.kernel;

import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.rule.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Detects changes of nf_tables tables by other programs. The kernel numbers the transactions of a network namespace
 * (the number is the generation of the ruleset), and reports the objects that each transaction changed. The nft variant
 * of iptables also keeps its rules in nf_tables tables.
 */
public final class RulesetWatch implements RuleWatch<Object> {
    private static final int NONE = -1;

    private final NetlinkSocket requests;
    private final NetlinkSocket events;
    private final Predicate<TableEvent> ours;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
    private final MessageReader reader = new MessageReader(datagram);
    private final MessageWriter request = MessageWriter.direct(Netlink.HEADER + Netlink.NETFILTER_HEADER);
    private int sequence;
    private long known;
    /** Whether the transaction whose events are being read changed Fairlead's tables. */
    private boolean touched;
    /** The name of the program that sends Fairlead's own transactions, as the kernel reports it. */
    private String program = "";

    private Notice.@Nullable ChangedByOthers suspect;

    private RulesetWatch(NetlinkSocket requests, NetlinkSocket events, Predicate<TableEvent> ours) {
        this.requests = requests;
        this.events = events;
        this.ours = ours;
    }

    /**
     * Opens a watch over the tables named {@code kube-proxy} in a network namespace.
     *
     * @param namespace the name of the namespace, as in {@code ip netns}; "" for the namespace of the calling thread
     * @return empty if the kernel does not report changes, for example because CAP_NET_ADMIN is missing, or because
     *     there is no nf_tables or no such namespace
     * @throws IllegalArgumentException if the name of the namespace is a path
     */
    public static Optional<RulesetWatch> open(String namespace) {
        return open(namespace, event -> event.table().equals(Table.NAME));
    }

    /**
     * Opens a watch over selected objects in a network namespace.
     *
     * @param namespace the name of the namespace, as in {@code ip netns}; "" for the namespace of the calling thread
     * @param ours selects the events that are reported if another program causes them
     * @return empty if the kernel does not report changes, for example because CAP_NET_ADMIN is missing, or because
     *     there is no nf_tables or no such namespace
     * @throws IllegalArgumentException if the name of the namespace is a path
     */
    public static Optional<RulesetWatch> open(String namespace, Predicate<TableEvent> ours) {
        try {
            Libc libc = Libc.load();
            return open(libc, NetworkNamespace.of(libc, namespace), ours);
        } catch (ProgramMissingException _) {
            return Optional.empty();
        }
    }

    static Optional<RulesetWatch> open(Libc libc, NetworkNamespace namespace, Predicate<TableEvent> ours) {
        List<NetlinkSocket> sockets = new ArrayList<>();
        try {
            sockets.add(NetlinkSocket.open(libc, namespace, Netlink.NETFILTER));
            sockets.add(NetlinkSocket.open(libc, namespace, Netlink.NETFILTER));
            RulesetWatch watch = new RulesetWatch(sockets.getFirst(), sockets.getLast(), ours);
            watch.events.join(Netlink.NF_TABLES_GROUP);
            watch.known = watch.generation().id();
            return Optional.of(watch);
        } catch (NetlinkException | IllegalStateException _) {
            sockets.forEach(NetlinkSocket::close);
            return Optional.empty();
        }
    }

    @Override
    public void reading() {
        drain();
        known = generation().id();
        suspect = null;
    }

    /**
     * Reads all events up to Fairlead's own transaction. They include changes by other programs before that
     * transaction. Fairlead's transaction is recognized by the program name that the kernel reported for Fairlead's
     * earlier transactions. If no transaction has this name, or if the name is not known yet, the first transaction
     * counts as Fairlead's.
     */
    @Override
    public void committed(Object transaction) {
        Drained drained = drain();
        if (drained.overflown()) {
            long now = generation().id();
            if (now != (known + 1 & 0xffff_ffffL)) {
                suspect = Notice.ChangedByOthers.unknown();
            }
            known = now;
            return;
        }
        List<Made> made = drained.made();
        int own = IntStream.range(0, made.size())
                .filter(i -> made.get(i).program().equals(program))
                .findFirst()
                .orElse(0);
        Optional<Notice.ChangedByOthers> others = others(made, own);
        if (others.isPresent()) {
            suspect = others.get();
        }
        if (made.size() == 1) {
            program = made.getFirst().program();
        }
    }

    /**
     * Returns a change by another program only after the kernel has reported the whole transaction. For a large
     * transaction, the number of the transaction increases some time before the kernel has reported all events.
     */
    @Override
    public Optional<Notice.ChangedByOthers> poll() {
        Notice.ChangedByOthers before = suspect;
        if (before != null) {
            suspect = null;
            return Optional.of(before);
        }
        long now = generation().id();
        if (now == known) {
            return Optional.empty();
        }
        Drained drained = drain();
        if (drained.overflown()) {
            known = now;
            return Optional.of(Notice.ChangedByOthers.unknown());
        }
        return others(drained.made(), NONE);
    }

    /**
     * Returns the last change of Fairlead's tables by another program. After this, all these transactions count as
     * known.
     *
     * @param own the index of Fairlead's own transaction in {@code made}; {@link #NONE} if there is none
     */
    private Optional<Notice.ChangedByOthers> others(List<Made> made, int own) {
        Optional<Notice.ChangedByOthers> who = Optional.empty();
        for (int i = 0; i < made.size(); i++) {
            Made each = made.get(i);
            if (i != own && each.touched()) {
                who = Optional.of(new Notice.ChangedByOthers(each.program(), each.processId(), List.of()));
            }
            known = each.id();
        }
        return who;
    }

    /**
     * A transaction that the kernel reported.
     *
     * @param id the number of the transaction
     * @param touched whether the transaction changed Fairlead's tables
     * @param program the name of the process that sent the transaction
     * @param processId the number of that process
     */
    private record Made(long id, boolean touched, String program, long processId) {}

    /**
     * The transactions that the kernel reported, in order.
     *
     * @param overflown whether events may be missing, for example because the kernel dropped events when the socket was
     *     full
     */
    private record Drained(List<Made> made, boolean overflown) {}

    /** Reads the events since the last call. Ignores transactions that are already known. */
    private Drained drain() {
        List<Made> made = new ArrayList<>();
        boolean overflown = false;
        while (true) {
            Received received;
            try {
                received = events.poll(datagram);
            } catch (NetlinkException _) {
                return new Drained(made, true);
            }
            switch (received) {
                case NOTHING -> {
                    return new Drained(made, overflown);
                }
                case OVERFLOW, TOO_LONG -> overflown = true;
                case DATAGRAM -> overflown |= !isRead(made);
            }
        }
    }

    /**
     * Reads the messages of a datagram. Returns false if the datagram is malformed; in this case, changes may be
     * missing.
     */
    private boolean isRead(List<Made> made) {
        reader.rewind();
        try {
            while (reader.next()) {
                switch (NetfilterMessages.read(reader)) {
                    case NetfilterMessages.Message.Changed(TableEvent event) -> touched |= ours.test(event);
                    case NetfilterMessages.Message.Generation(long id, String maker, long processId) -> {
                        if ((int) (id - known) > 0) {
                            made.add(new Made(id, touched, maker, processId));
                        }
                        touched = false;
                    }
                    case NetfilterMessages.Message.Other _ -> {}
                }
            }
            return true;
        } catch (MalformedMessageException _) {
            return false;
        }
    }

    private NetfilterMessages.Message.Generation generation() {
        try {
            return askedGeneration();
        } catch (NetlinkException e) {
            throw new IllegalStateException("cannot query the generation of nf_tables: " + e.getMessage(), e);
        }
    }

    private NetfilterMessages.Message.Generation askedGeneration() {
        int asked = ++sequence;
        NetfilterMessages.requestGeneration(request.clear(), asked);
        requests.send(request.written());
        while (requests.receive(datagram) == Received.DATAGRAM) {
            reader.rewind();
            while (reader.next()) {
                if (reader.sequence() == asked) {
                    if (!reader.isLast()
                            && NetfilterMessages.read(reader)
                                    instanceof NetfilterMessages.Message.Generation generation) {
                        return generation;
                    }
                    throw new NetlinkException(
                            "the kernel does not report the generation of nf_tables, which changes with every rule",
                            Errno.EOPNOTSUPP);
                }
            }
        }
        throw new NetlinkException(
                "the kernel did not answer the query for the generation of nf_tables in time", Errno.ETIMEDOUT);
    }

    @Override
    public void close() {
        requests.close();
        events.close();
    }
}
