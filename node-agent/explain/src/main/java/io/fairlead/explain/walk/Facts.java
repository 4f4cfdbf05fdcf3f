package io.fairlead.explain.walk;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.explain.model.AddressType;
import io.fairlead.explain.model.ConnectionBits;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.model.Value.Numeric;
import io.fairlead.explain.routing.Decision;
import io.fairlead.explain.routing.Routing;
import org.jspecify.annotations.Nullable;

/** Returns the values of a packet's fields; a value may be known only as a range, or not at all. */
final class Facts {
    private static final Value UNKNOWN = new Value.Unknown();
    /** The source port of a client, which its kernel chooses above the well-known ports. */
    private static final Numeric CLIENT_PORT = new Numeric(1024, 65535);

    private static final long SYN = 2;

    private final Host host;
    private final Routing routing;

    Facts(Host host, Routing routing) {
        this.host = host;
        this.routing = routing;
    }

    Host host() {
        return host;
    }

    Routing routing() {
        return routing;
    }

    /** Returns the value of a field; null if the packet has no such field. No comparison with this field then holds. */
    @Nullable
    Value value(Field field, State state) {
        IpFamily family = state.packet().from().family();
        Protocol protocol = state.packet().flow().protocol();
        if ((field.family() != null && field.family() != family)
                || (field.protocol() != null && field.protocol() != protocol)) {
            return null;
        }
        return switch (field.kind()) {
            case SOURCE ->
                state.packet().masqueraded() ? UNKNOWN : address(state.packet().from());
            case DESTINATION -> address(state.packet().to().ip());
            case SOURCE_PORT -> CLIENT_PORT;
            case DESTINATION_PORT -> Numeric.of(state.packet().to().port());
            case PROTOCOL -> Numeric.of(number(protocol));
            case FAMILY -> Numeric.of(family == IpFamily.IPV4 ? 2 : 10);
            case INPUT_INTERFACE -> name(state.input());
            case OUTPUT_INTERFACE -> name(state.output());
            case MARK ->
                state.marks().unknown() ? UNKNOWN : Numeric.of(state.packet().mark() & 0xffffffffL);
            case CONNECTION_STATE -> Numeric.of(connectionState(state));
            case CONNECTION_MARK ->
                hasConnection(state) ? Numeric.of(state.marks().connection()) : null;
            case CONNECTION_STATUS -> hasConnection(state) ? Numeric.of(status(state)) : null;
            case CONNECTION_DIRECTION -> hasConnection(state) ? Numeric.of(0) : null;
            case ORIGINAL_SOURCE ->
                hasConnection(state) ? address(state.packet().from()) : null;
            case ORIGINAL_DESTINATION ->
                hasConnection(state) ? address(state.packet().flow().to()) : null;
            case ORIGINAL_DESTINATION_PORT ->
                hasConnection(state) ? Numeric.of(state.packet().flow().port()) : null;
            case SOURCE_TYPE -> type(state.packet().from(), state);
            case DESTINATION_TYPE -> type(state.packet().to().ip(), state);
            case TCP_FLAGS -> protocol == Protocol.TCP ? Numeric.of(SYN) : null;
            case PACKET_TYPE -> Numeric.of(0);
            case SOURCE_ROUTE_EXISTS -> routeBack(state);
        };
    }

    private static Value address(Ip ip) {
        return new Value.Address(ip);
    }

    private static Value name(@Nullable String device) {
        return device == null ? UNKNOWN : new Value.Name(device);
    }

    private static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 6;
            case UDP -> 17;
            case SCTP -> 132;
        };
    }

    private static boolean hasConnection(State state) {
        return !state.untracked() && !state.before();
    }

    private static long connectionState(State state) {
        return state.untracked()
                ? ConnectionBits.UNTRACKED
                : state.before() ? ConnectionBits.INVALID : ConnectionBits.NEW;
    }

    private static long status(State state) {
        return (state.packet().translated() ? ConnectionBits.DESTINATION_TRANSLATED : 0)
                | (state.packet().masqueraded() ? ConnectionBits.SOURCE_TRANSLATED : 0);
    }

    private Value type(Ip ip, State state) {
        byte first = ip.bytes()[0];
        boolean multicast = ip.family() == IpFamily.IPV4 ? (first & 0xf0) == 0xe0 : (first & 0xff) == 0xff;
        if (multicast) {
            return Numeric.of(AddressType.MULTICAST.number());
        }
        if (isLocal(ip)) {
            return Numeric.of(AddressType.LOCAL.number());
        }
        return switch (routing.decide(state.packet().from(), ip, 0, null)) {
            case Decision.Here _ -> Numeric.of(AddressType.LOCAL.number());
            case Decision.Out _, Decision.Unknown _ -> Numeric.of(AddressType.UNICAST.number());
            // The address type of such a route is not distinguished, because few rules use it.
            case Decision.Nowhere _ -> UNKNOWN;
        };
    }

    boolean isLocal(Ip ip) {
        return host.isLocal(ip);
    }

    private Value routeBack(State state) {
        return switch (routing.decide(state.packet().to().ip(), state.packet().from(), 0, null)) {
            case Decision.Here _, Decision.Out _ -> Numeric.of(1);
            case Decision.Nowhere _ -> Numeric.of(0);
            case Decision.Unknown _ -> UNKNOWN;
        };
    }
}
