package io.fairlead.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;

/** An address and port, or a node port, at which a Service is reached over UDP (CT-1). */
sealed interface UdpFrontend {

    /** A ClusterIP, an external IP or a load balancer IP. */
    record Address(Ip ip, int port) implements UdpFrontend {
        @Override
        public IpFamily family() {
            return ip.family();
        }
    }

    /** A port of the node's own addresses of one family. */
    record NodePort(IpFamily family, int port) implements UdpFrontend {}

    /** Returns the IP family of the flows to this frontend. */
    IpFamily family();

    /** Returns the UDP frontend for a frontend of the plan. */
    static UdpFrontend of(IpFamily family, Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp(Ip ip, int port) -> new Address(ip, port);
            case Frontend.ExternalIp(Ip ip, int port) -> new Address(ip, port);
            case Frontend.LoadBalancerIp(Ip ip, int port) -> new Address(ip, port);
            case Frontend.NodePort(int port) -> new NodePort(family, port);
        };
    }
}
