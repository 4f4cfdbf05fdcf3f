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
 * The sockets under the TLS connections that are open. OkHttp 5.5 cannot take a connection that is in use out of its
 * pool, and watches use theirs for minutes; a closed socket is noticed by all requests on it, and they are sent again
 * on a new one.
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
