package io.fairlead.agent.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;

/** Where a Service is reached by UDP. Has no protocol, so that no flow of TCP or SCTP can be meant (CT-1). */
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

    /** The family of the flows it is about. */
    IpFamily family();

    /** The destination that packets to this frontend have. */
    static UdpFrontend of(IpFamily family, Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp(Ip ip, int port) -> new Address(ip, port);
            case Frontend.ExternalIp(Ip ip, int port) -> new Address(ip, port);
            case Frontend.LoadBalancerIp(Ip ip, int port) -> new Address(ip, port);
            case Frontend.NodePort(int port) -> new NodePort(family, port);
        };
    }
}
