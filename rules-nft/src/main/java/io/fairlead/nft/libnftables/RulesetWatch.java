package io.fairlead.nft.libnftables;

import io.fairlead.core.process.ProgramMissingException;
import io.fairlead.nft.object.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/**
 * Tells whether somebody else has changed our tables, without reading them: the kernel counts transactions of a network
 * namespace (a question takes some microseconds, whatever the size of the tables), and says which tables each was about. One
 * thread only.
 */
public final class RulesetWatch implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_NETFILTER = 12;
    /** NFNLGRP_NFTABLES. */
    private static final int CHANGES = 1 << 6;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int EINTR = 4;
    private static final int ENOBUFS = 105;
    private static final int DATAGRAM = 1 << 16;

    private final CLibrary libc;
    private final int questions;
    private final int events;
    private final byte[] datagram = new byte[DATAGRAM];
    private long known;
    private String suspect = "";

    private RulesetWatch(CLibrary libc, int questions, int events) {
        this.libc = libc;
        this.questions = questions;
        this.events = events;
        this.known = generation().id();
    }

    /**
     * For a network namespace.
     *
     * @param namespace as {@code ip netns} names it; "" for the calling thread's
     * @return empty if the kernel does not tell (CAP_NET_ADMIN is missing, or there is no nf_tables)
     */
    public static Optional<RulesetWatch> open(String namespace) {
        try {
            CLibrary libc = Libnftables.libc();
            NetworkNamespace where =
                    namespace.isEmpty() ? NetworkNamespace.current(libc) : NetworkNamespace.named(libc, namespace);
            return where.run(() -> open(libc));
        } catch (IllegalStateException | ProgramMissingException _) {
            return Optional.empty();
        }
    }

    private static Optional<RulesetWatch> open(CLibrary libc) {
        int questions = socket(libc, 0);
        int events = socket(libc, CHANGES);
        if (questions < 0 || events < 0) {
            return Optional.empty();
        }
        return Optional.of(new RulesetWatch(libc, questions, events));
    }

    private static int socket(CLibrary libc, int groups) {
        int descriptor = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
        byte[] address = ByteBuffer.allocate(12)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_NETLINK)
                .putShort((short) 0)
                .putInt(0)
                .putInt(groups)
                .array();
        return descriptor >= 0 && libc.bind(descriptor, address, address.length) == 0 ? descriptor : -1;
    }

    /** Our tables are about to be read: what has happened until now will be seen. */
    public void reading() {
        drain();
        known = generation().id();
        suspect = "";
    }

    /**
     * We have just made some transactions.
     *
     * @param count how many; if there were more since the last call of anything here, others made them meanwhile
     */
    public void committed(int count) {
        NetfilterMessages.Message.Generation now = generation();
        if (now.id() != (known + count & 0xffff_ffffL)) {
            suspect = suspect.isEmpty() ? "somebody" : suspect;
        }
        known = now.id();
        drain();
    }

    /** Who, as far as the kernel tells, has changed our tables since the last call of anything here; empty if nobody. */
    public Optional<String> changedByOthers() {
        if (!suspect.isEmpty()) {
            String who = suspect;
            suspect = "";
            return Optional.of(who);
        }
        NetfilterMessages.Message.Generation now = generation();
        if (now.id() == known) {
            return Optional.empty();
        }
        known = now.id();
        return drain();
    }

    /** Takes what the kernel has told; who touched our tables, or may have. */
    private Optional<String> drain() {
        boolean ours = false;
        String who = "";
        while (true) {
            long length = libc.recv(events, datagram, datagram.length, MSG_DONTWAIT);
            if (length < 0) {
                int error = LastError.getLastError(Runtime.getRuntime(libc));
                if (error == ENOBUFS) {
                    ours = true; // more than fits has been told: it may have been about us
                } else if (error != EINTR) {
                    return ours || !who.isEmpty() ? Optional.of(who.isEmpty() ? "somebody" : who) : Optional.empty();
                }
                continue;
            }
            for (NetfilterMessages.Message message : NetfilterMessages.parse(datagram, (int) length)) {
                switch (message) {
                    case NetfilterMessages.Message.TableChanged(String table) -> ours |= table.equals(Table.NAME);
                    case NetfilterMessages.Message.Generation(var _, String by) -> {
                        who = ours ? by : who;
                        ours = false;
                    }
                    case NetfilterMessages.Message.Other _ -> {}
                }
            }
        }
    }

    private NetfilterMessages.Message.Generation generation() {
        byte[] request = NetfilterMessages.generationRequest();
        if (libc.send(questions, request, request.length, 0) != request.length) {
            throw new IllegalStateException("cannot ask nf_tables for its generation: errno "
                    + LastError.getLastError(Runtime.getRuntime(libc)));
        }
        while (true) {
            long length = libc.recv(questions, datagram, datagram.length, 0);
            if (length < 0 && LastError.getLastError(Runtime.getRuntime(libc)) != EINTR) {
                throw new IllegalStateException("nf_tables does not tell its generation: errno "
                        + LastError.getLastError(Runtime.getRuntime(libc)));
            }
            List<NetfilterMessages.Message> answer = NetfilterMessages.parse(datagram, (int) Math.max(0, length));
            for (NetfilterMessages.Message message : answer) {
                if (message instanceof NetfilterMessages.Message.Generation generation) {
                    return generation;
                }
            }
            if (length >= 0 && !answer.isEmpty()) {
                throw new IllegalStateException("nf_tables does not tell its generation");
            }
        }
    }

    @Override
    public void close() {
        libc.close(questions);
        libc.close(events);
    }
}
