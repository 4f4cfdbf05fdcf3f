package io.fairlead.nftables.listing;

import io.fairlead.nftables.read.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a rule while it is written, and the protocols that the rule has matched so far. nft adds a match on the
 * protocol before a field of its header, and does not list this match. The kernel stores an added match like a match of
 * the rule's text. As in nft, a match on a protocol is left out if a later statement reads the protocol's header.
 */
final class Line {
    private static final int NONE = -1;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private final List<@Nullable String> pieces = new ArrayList<>();
    /** Whether the table's family has packets of several network protocols. */
    private final boolean mixed;

    private int network;
    private int transport = NONE;
    private boolean vlan;
    private int networkPiece = NONE;
    private int transportPiece = NONE;
    private int vlanPiece = NONE;
    private int linkPiece = NONE;

    /**
     * Creates an empty line.
     *
     * @param network the EtherType of all packets that the rule sees; 0 if they have several
     */
    Line(int network) {
        this.network = network;
        this.mixed = network == 0;
    }

    void add(String text) {
        pieces.add(text);
    }

    /**
     * Adds the text of an action. A match on a protocol before the action is not left out because of a statement after
     * the action.
     */
    void addAction(String text) {
        add(text);
        networkPiece = NONE;
        transportPiece = NONE;
        vlanPiece = NONE;
        linkPiece = NONE;
    }

    /** Replaces the last text. */
    void replaceLast(String text) {
        pieces.set(pieces.size() - 1, text);
    }

    int size() {
        return pieces.size();
    }

    /** Returns the EtherType that the rule has matched; 0 if none. */
    int network() {
        return network;
    }

    String text() {
        return String.join(" ", pieces.stream().filter(each -> each != null).toList());
    }

    /**
     * Adds the text of a comparison with a constant. If the comparison is a match on a protocol, remembers the
     * protocol.
     */
    void addMatch(String text, Term term, Bytes right) {
        add(text);
        int piece = pieces.size() - 1;
        int number = (int) right.number(false);
        switch (term) {
            case Term.Named(String name, int type, var _, var _)
            when type == Words.FAMILY && name.equals("meta nfproto") -> {
                network = number == 2 ? Headers.IPV4 : number == 10 ? Headers.IPV6 : 0;
                networkPiece = piece;
            }
            case Term.Named(String name, var _, var _, var _) when name.equals("meta protocol") -> link(number, piece);
            case Term.Named(String name, var _, var _, var _) when name.equals("meta iiftype") -> linkPiece = piece;
            case Term.Named(String name, var _, var _, var _)
            when name.equals("meta l4proto") -> {
                transport = right.u8(0);
                transportPiece = piece;
            }
            case Term.Payload payload -> {
                Headers.Field field = field(payload, payload.offset() * Byte.SIZE, payload.length() * Byte.SIZE);
                if (field != null
                        && (field.name().equals("ether type") || field.name().equals("vlan type"))) {
                    link(number, piece);
                } else if (field != null
                        && (field.name().equals("ip protocol") || field.name().equals("ip6 nexthdr"))) {
                    transport = number;
                    // In a table with several network protocols, the match also restricts the network protocol.
                    transportPiece = mixed ? NONE : piece;
                }
            }
            default -> {}
        }
    }

    private void link(int etherType, int piece) {
        if (etherType == Headers.VLAN) {
            vlan = true;
            vlanPiece = piece;
        } else {
            network = etherType;
            networkPiece = piece;
        }
    }

    /**
     * Returns the field that begins at the first byte of a payload and is shorter than the payload; null if there is
     * none, or if the whole payload is a field.
     */
    Headers.@Nullable Field firstOf(Term.Payload payload) {
        if (field(payload, payload.offset() * Byte.SIZE, payload.length() * Byte.SIZE) != null) {
            return null;
        }
        for (Headers.Field field : Headers.at(payload.base(), network, transport, vlan)) {
            if (field.offset() == payload.offset() * Byte.SIZE
                    && field.length() % Byte.SIZE == 0
                    && field.length() < payload.length() * Byte.SIZE) {
                return field;
            }
        }
        return null;
    }

    private Headers.@Nullable Field field(Term.Payload payload, int offset, int length) {
        return Headers.find(Headers.at(payload.base(), network, transport, vlan), offset, length);
    }

    /**
     * Returns the field with this offset and length in bits, and leaves out the match on its protocol; null if no such
     * field is known.
     */
    Headers.@Nullable Field read(Term.Payload payload, int offset, int length) {
        Headers.Field field = field(payload, offset, length);
        if (field != null) {
            leaveOut(payload.base(), field);
        }
        return field;
    }

    /**
     * Returns the field of the address whose first bytes are the payload, and leaves out the match on its protocol;
     * null if there is none.
     */
    Headers.@Nullable Field addressFrom(Term.Payload payload) {
        for (Headers.Field field : Headers.at(payload.base(), network, transport, vlan)) {
            if (field.offset() == payload.offset() * Byte.SIZE
                    && (field.type() == Words.IPV4 || field.type() == Words.IPV6)
                    && payload.length() * Byte.SIZE < field.length()) {
                leaveOut(payload.base(), field);
                return field;
            }
        }
        return null;
    }

    private void leaveOut(int base, Headers.Field field) {
        switch (base) {
            case Headers.LINK -> {
                remove(linkPiece);
                linkPiece = NONE;
                if (field.name().startsWith("vlan ")) {
                    remove(vlanPiece);
                    vlanPiece = NONE;
                }
            }
            case Headers.NETWORK -> {
                remove(networkPiece);
                networkPiece = NONE;
            }
            default -> {
                leaveOutTransport();
                if (transport == ICMP || transport == ICMPV6) {
                    remove(networkPiece);
                    networkPiece = NONE;
                }
            }
        }
    }

    /** Leaves out the match on the transport protocol. */
    void leaveOutTransport() {
        remove(transportPiece);
        transportPiece = NONE;
    }

    private void remove(int piece) {
        if (piece != NONE) {
            pieces.set(piece, null);
        }
    }
}
