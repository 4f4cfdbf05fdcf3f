package io.fairlead.cluster.connection;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP sockets of the open TLS connections, so that all of them can be closed. OkHttp 5.5 cannot close a connection
 * that is in use, and a watch uses its connection for minutes. If a socket is closed, all requests on it fail and are
 * sent again on a new connection.
 */
final class OpenSockets {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSockets.class);

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    void add(Socket socket) {
        sockets.removeIf(Socket::isClosed);
        sockets.add(socket);
    }

    void closeAll() {
        List<Socket> closing = new ArrayList<>(sockets);
        closing.forEach(sockets::remove);
        for (Socket socket : closing) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("cannot close a connection", e);
            }
        }
    }
}
