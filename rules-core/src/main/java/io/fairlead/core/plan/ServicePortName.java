package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Protocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The identity of one port of a Service (SVC-7).
 *
 * @param port the name of the port; "" if the port has no name
 */
public record ServicePortName(ServiceName service, String port, Protocol protocol)
        implements Comparable<ServicePortName> {
    private static final char[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray();

    /**
     * Returns "ns/name:port", or "ns/name" for a port without a name (SVC-8). The text does not contain the protocol.
     */
    public String text() {
        return port.isEmpty() ? service.text() : service.text() + ":" + port;
    }

    /**
     * Returns the first 16 characters of base32(SHA-256(text + protocol + suffix)). They identify a Service port in the
     * chain names of kube-proxy (IPT-19), and in the names of Fairlead's nftables objects.
     *
     * @param suffix "" for the Service port itself, "ip:port" for one of its endpoints
     */
    public String hash(String suffix) {
        byte[] digest = sha256().digest((text() + protocol.text() + suffix).getBytes(StandardCharsets.UTF_8));
        char[] text = new char[16];
        for (int i = 0; i < 16; i++) {
            int bit = i * 5;
            int pair = ((digest[bit / 8] & 0xff) << 8) | (digest[bit / 8 + 1] & 0xff);
            text[i] = BASE32[(pair >>> (11 - bit % 8)) & 31];
        }
        return new String(text);
    }

    @Override
    public int compareTo(ServicePortName other) {
        int byService = service.compareTo(other.service);
        if (byService != 0) {
            return byService;
        }
        int byPort = port.compareTo(other.port);
        return byPort != 0 ? byPort : protocol.compareTo(other.protocol);
    }

    @Override
    public String toString() {
        return text() + "/" + protocol;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256, which every Java platform must have", e);
        }
    }
}
