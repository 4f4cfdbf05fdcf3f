package io.fairlead.linux.netlink;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the names of the interfaces of a network namespace. In some rules of nftables, an interface is given only by
 * its index.
 */
public final class InterfaceNames {
    private static final int RTM_GETLINK = 18;
    private static final int IFLA_IFNAME = 3;
    /** The length in bytes of the header ifinfomsg. {@code INDEX} is the offset of the interface's index in it. */
    private static final int HEADER = 16;

    private static final int INDEX = 4;
    private static final int REQUEST = 64;
    private static final int SEQUENCE = 1;

    private final Libc libc;
    private final NetworkNamespace namespace;

    /** Creates a reader of a network namespace. */
    public InterfaceNames(Libc libc, NetworkNamespace namespace) {
        this.libc = libc;
        this.namespace = namespace;
    }

    /**
     * Returns the names of the interfaces by their index. If reading fails, returns the names that the kernel sent
     * before the failure, possibly none.
     *
     * @throws IllegalStateException if the network namespace cannot be entered
     */
    public Map<Integer, String> read() {
        Map<Integer, String> names = new HashMap<>();
        MessageWriter request = MessageWriter.direct(REQUEST);
        request.begin(RTM_GETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, SEQUENCE);
        request.zeros(HEADER);
        request.end();
        try (NetlinkSocket socket = NetlinkSocket.open(libc, namespace, Netlink.ROUTE)) {
            new Dump(socket, ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM))
                    .run(request.written(), SEQUENCE, message -> {
                        Attributes attributes = message.attributes(HEADER);
                        while (attributes.next()) {
                            if (attributes.type() == IFLA_IFNAME) {
                                names.put(message.headerU32Host(INDEX), attributes.string());
                            }
                        }
                    });
        } catch (NetlinkException _) {
            // The caller uses the names that were read before.
        }
        return names;
    }
}
