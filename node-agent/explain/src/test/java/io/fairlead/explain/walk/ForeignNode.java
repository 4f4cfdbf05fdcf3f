package io.fairlead.explain.walk;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.explain.dump.Dump;
import java.util.List;
import java.util.Map;

/** A node without a proxy, whose rules are read from the text of a dump. */
final class ForeignNode {
    static final String NODE = "192.168.0.10";

    private final NodeTracer tracer;

    private ForeignNode(NodeTracer tracer) {
        this.tracer = tracer;
    }

    static ForeignNode of(String dump) {
        Dump read = Dump.read("test", dump);
        return new ForeignNode(new NodeTracer(
                read.rules(), Map.of(), Host.of(List.of(Ip.parse(NODE), Ip.parse("fd00::10"))), read.routing()));
    }

    NodeTrace tcp(String from, String to, int port) {
        return tracer.explain(new Flow(Protocol.TCP, Ip.parse(from), Ip.parse(to), port));
    }

    NodeTrace udp(String from, String to, int port) {
        return tracer.explain(new Flow(Protocol.UDP, Ip.parse(from), Ip.parse(to), port));
    }

    /**
     * Returns the outcome of a TCP packet, for example "dropped" or "sent to 10.0.0.1:80", followed by the condition
     * for this outcome if there is one.
     */
    String fate(String from, String to, int port) {
        NodeTrace trace = tcp(from, to, port);
        return trace.outcome().text() + (trace.condition().isEmpty() ? "" : " " + trace.condition());
    }
}
