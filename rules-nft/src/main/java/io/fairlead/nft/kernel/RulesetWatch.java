package io.fairlead.nft.kernel;

import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.rule.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * Detects changes of nf_tables tables by other programs. The kernel counts the transactions of a network namespace, and
 * reports the objects that each one changed. The nft variant of iptables keeps its rules in such tables too.
 */
public final class RulesetWatch implements RuleWatch<Object> {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_NETFILTER = 12;
    /** NFNLGRP_NFTABLES. */
    private static final int CHANGES = 1 << 6;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int EINTR = 4;
    private static final int ENOBUFS = 105;
    private static final int DATAGRAM = 1 << 16;

    private static final int NONE = -1;

    private final CLibrary libc;
    private final int questions;
    private final int events;
    private final Predicate<TableEvent> ours;
    private final byte[] datagram = new byte[DATAGRAM];
    private long known;
    /** Whether the transaction that the kernel is reporting concerns our tables. */
    private boolean touched;
    /** The program of our own transactions. */
    private String program = "";

    private Notice.@Nullable ChangedByOthers suspect;

    private RulesetWatch(CLibrary libc, int questions, int events, Predicate<TableEvent> ours) {
        this.libc = libc;
        this.questions = questions;
        this.events = events;
        this.ours = ours;
    }

    /**
     * Opens a watch over the tables {@code kube-proxy} of a network namespace.
     *
     * @param namespace the name as in {@code ip netns}; "" for the namespace of the calling thread
     * @return empty if the kernel does not report changes (CAP_NET_ADMIN is missing, or there is no nf_tables)
     */
    public static Optional<RulesetWatch> open(String namespace) {
        return open(namespace, event -> event.table().equals(Table.NAME));
    }

    /**
     * Opens a watch over chosen objects of a network namespace.
     *
     * @param namespace the name as in {@code ip netns}; "" for the namespace of the calling thread
     * @param ours selects the events that are reported if other programs cause them
     * @return empty if the kernel does not report changes (CAP_NET_ADMIN is missing, or there is no nf_tables)
     */
    public static Optional<RulesetWatch> open(String namespace, Predicate<TableEvent> ours) {
        try {
            CLibrary libc = CLibrary.load();
            return NetworkNamespace.of(libc, namespace).run(() -> open(libc, ours));
        } catch (IllegalStateException | ProgramMissingException _) {
            return Optional.empty();
        }
    }

    static Optional<RulesetWatch> open(CLibrary libc, Predicate<TableEvent> ours) {
        int questions = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
        int events = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
        RulesetWatch watch = new RulesetWatch(libc, questions, events, ours);
        try {
            if (isBound(libc, questions, 0) && isBound(libc, events, CHANGES)) {
                watch.known = watch.generation().id();
                return Optional.of(watch);
            }
        } catch (IllegalStateException _) {
            // The kernel does not answer: it has no nf_tables.
        }
        watch.close();
        return Optional.empty();
    }

    private static boolean isBound(CLibrary libc, int descriptor, int groups) {
        byte[] address = ByteBuffer.allocate(12)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_NETLINK)
                .putShort((short) 0)
                .putInt(0)
                .putInt(groups)
                .array();
        return descriptor >= 0 && libc.bind(descriptor, address, address.length) == 0;
    }

    @Override
    public void reading() {
        drain();
        known = generation().id();
        suspect = null;
    }

    /**
     * Reads all events up to our own commit. Changes by other programs before it are among them. Our transaction is
     * recognized by the program name of our earlier transactions; before the name is known, the first transaction
     * counts as ours.
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
     * Counts a transaction only after the kernel has reported all of it. A large transaction has its number some time
     * before its events are complete.
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
     * Returns the last other program that changed our tables; the generation of all these transactions is then known.
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
     * @param touched whether it concerned our tables
     * @param program the name of the process that made it
     */
    private record Made(long id, boolean touched, String program, long processId) {}

    /**
     * The transactions that the kernel reported, in order.
     *
     * @param overflown whether the kernel dropped events because the socket was full
     */
    private record Drained(List<Made> made, boolean overflown) {}

    /** Reads the events since the last call, without transactions that are known. */
    private Drained drain() {
        List<Made> made = new ArrayList<>();
        boolean overflown = false;
        while (true) {
            long length = libc.recv(events, datagram, datagram.length, MSG_DONTWAIT);
            if (length < 0) {
                int error = LastError.getLastError(Runtime.getRuntime(libc));
                if (error == ENOBUFS) {
                    overflown = true;
                } else if (error != EINTR) {
                    return new Drained(made, overflown);
                }
                continue;
            }
            for (NetfilterMessages.Message message : NetfilterMessages.parse(datagram, (int) length)) {
                switch (message) {
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
        }
    }

    private NetfilterMessages.Message.Generation generation() {
        byte[] request = NetfilterMessages.generationRequest();
        if (libc.send(questions, request, request.length, 0) != request.length) {
            throw new IllegalStateException("cannot query the generation of nf_tables: errno "
                    + LastError.getLastError(Runtime.getRuntime(libc)));
        }
        while (true) {
            long length = libc.recv(questions, datagram, datagram.length, 0);
            if (length < 0 && LastError.getLastError(Runtime.getRuntime(libc)) != EINTR) {
                throw new IllegalStateException("nf_tables does not report its generation: errno "
                        + LastError.getLastError(Runtime.getRuntime(libc)));
            }
            List<NetfilterMessages.Message> answer = NetfilterMessages.parse(datagram, (int) Math.max(0, length));
            for (NetfilterMessages.Message message : answer) {
                if (message instanceof NetfilterMessages.Message.Generation generation) {
                    return generation;
                }
            }
            if (length >= 0 && !answer.isEmpty()) {
                throw new IllegalStateException("nf_tables does not report its generation");
            }
        }
    }

    @Override
    public void close() {
        for (int descriptor : new int[] {questions, events}) {
            if (descriptor >= 0) {
                libc.close(descriptor);
            }
        }
    }
}
