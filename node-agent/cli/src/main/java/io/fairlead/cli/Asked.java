package io.fairlead.cli;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A packet to trace.
 *
 * @param id the name of the packet in its file
 * @param flow the packet; null if its description is wrong
 * @param error why the description is wrong; "" if it is right
 */
record Asked(String id, @Nullable Flow flow, String error) {

    /**
     * Reads one line of a file with packets.
     *
     * @param number the number of the line, from 1; the id of a packet without an id
     */
    static Asked read(String line, int number) {
        Map<?, ?> fields;
        try {
            fields = Json.read(line, Map.class);
        } catch (JacksonException e) {
            return new Asked("line " + number, null, "not a JSON object: " + e.getOriginalMessage());
        }
        String id = fields.get("id") == null ? "line " + number : String.valueOf(fields.get("id"));
        Object inputInterface = fields.get("interface");
        return of(
                id,
                String.valueOf(fields.get("protocol")),
                String.valueOf(fields.get("from")),
                String.valueOf(fields.get("to")),
                fields.get("port") instanceof Integer port ? port : 0,
                inputInterface == null ? null : inputInterface.toString());
    }

    /** Returns the packet with these properties, or the first property that is wrong. */
    static Asked of(String id, String protocol, String from, String to, int port, @Nullable String inputInterface) {
        try {
            Flow flow = new Flow(
                    Protocol.parse(protocol)
                            .orElseThrow(
                                    () -> new IllegalArgumentException("not tcp, udp or sctp: \"" + protocol + "\"")),
                    Ip.parse(from),
                    Ip.parse(to),
                    port,
                    inputInterface == null ? null : new InterfaceName(inputInterface));
            return new Asked(id, flow, "");
        } catch (IllegalArgumentException e) {
            return new Asked(id, null, String.valueOf(e.getMessage()));
        }
    }
}
