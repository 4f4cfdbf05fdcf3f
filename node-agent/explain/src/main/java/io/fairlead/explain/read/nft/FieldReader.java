package io.fairlead.explain.read.nft;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.Expression.Kind;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of packets and connections. A field that cannot be computed is kept as text. If only some packets
 * have this field, for example only ICMP packets, that is added as a condition.
 */
final class FieldReader {
    private static final Set<String> META_KEYS =
            Set.of(("length nfproto l4proto protocol priority mark iif iifname iiftype oif oifname oiftype "
                            + "skuid skgid nftrace rtclassid ibrname ibriport obrname ibrpvid ibrvproto pkttype cpu "
                            + "iifgroup oifgroup cgroup random ipsec iifkind oifkind sdif sdifname time day hour "
                            + "secmark broute secpath")
                    .split(" "));
    private static final Set<String> BARE_META_KEYS =
            Set.of(("mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibriport "
                            + "ibrname obrname pkttype cpu iifgroup oifgroup cgroup ipsec time day hour secmark")
                    .split(" "));
    /**
     * The names of headers that packets of TCP, UDP and SCTP never have. The value is the protocol number of the
     * packets that have the header.
     */
    private static final Map<String, Integer> OTHER_PROTOCOLS = Map.of(
            "icmp", 1, "igmp", 2, "gre", 47, "gretap", 47, "esp", 50, "ah", 51, "icmpv6", 58, "comp", 108, "udplite",
            136, "dccp", 33);

    private static final Set<String> OTHER_HEADERS =
            Set.of("ether vlan dst frag hbh mh srh rt0 rt2 rt4 vxlan geneve rt".split(" "));

    private final Tokens tokens;
    private final List<Statement> conditions;

    /**
     * Creates a reader.
     *
     * @param conditions a list to which the reader adds the conditions for fields that are kept as text
     */
    FieldReader(Tokens tokens, List<Statement> conditions) {
        this.tokens = tokens;
        this.conditions = conditions;
    }

    /** Reads a field. Returns null if the next token does not begin a field. */
    @Nullable
    Expression read() {
        Token first = tokens.peek();
        if (first.kind() != Token.Kind.WORD) {
            return null;
        }
        int start = tokens.position();
        String word = first.text();
        return switch (word) {
            case "meta" -> {
                tokens.take();
                yield meta(tokens.word(), start);
            }
            case "ip" -> ip(IpFamily.IPV4, start);
            case "ip6" -> ip(IpFamily.IPV6, start);
            case "tcp", "udp", "sctp", "th" -> transport(word, start);
            case "ct" -> connection(start);
            case "fib" -> fib(start);
            case "numgen", "jhash", "symhash" -> numbers(word);
            case "socket", "osf", "exthdr", "ipsec", "tunnel", "xfrm" -> others(word, start);
            default -> {
                if (BARE_META_KEYS.contains(word)) {
                    tokens.take();
                    yield meta(word, start);
                }
                yield header(word, start);
            }
        };
    }

    private Expression meta(String key, int start) {
        return switch (key) {
            case "mark" -> new Field(Kind.MARK);
            case "iif", "iifname" -> new Field(Kind.INPUT_INTERFACE);
            case "oif", "oifname" -> new Field(Kind.OUTPUT_INTERFACE);
            case "l4proto" -> new Field(Kind.PROTOCOL);
            case "nfproto", "protocol" -> new Field(Kind.FAMILY);
            case "pkttype" -> new Field(Kind.PACKET_TYPE);
            default -> {
                if (!META_KEYS.contains(key)) {
                    throw new NotUnderstoodException();
                }
                yield text(start);
            }
        };
    }

    private Expression ip(IpFamily family, int start) {
        tokens.take();
        String key = tokens.word();
        switch (key) {
            case "saddr" -> {
                return new Field(Kind.SOURCE, family, null);
            }
            case "daddr" -> {
                return new Field(Kind.DESTINATION, family, null);
            }
            case "protocol", "nexthdr" -> {
                return new Field(Kind.PROTOCOL, family, null);
            }
            case "option" -> {
                tokens.word();
                if (!tokens.peek().is("exists") && !tokens.peek().is("missing")) {
                    tokens.word();
                }
            }
            default -> {}
        }
        require(Kind.FAMILY, family == IpFamily.IPV4 ? 2 : 10);
        return text(start);
    }

    private Expression transport(String name, int start) {
        tokens.take();
        Protocol protocol = Protocol.parse(name).orElse(null);
        String key = tokens.word();
        switch (key) {
            case "sport" -> {
                return new Field(Kind.SOURCE_PORT, null, protocol);
            }
            case "dport" -> {
                return new Field(Kind.DESTINATION_PORT, null, protocol);
            }
            case "flags" -> {
                if (protocol == Protocol.TCP) {
                    return new Field(Kind.TCP_FLAGS, null, protocol);
                }
            }
            case "option", "chunk" -> {
                tokens.word();
                if (isNameOfField(tokens.peek())
                        && !tokens.peek().is("exists")
                        && !tokens.peek().is("missing")) {
                    tokens.take();
                }
            }
            default -> {}
        }
        if (protocol != null) {
            require(Kind.PROTOCOL, Constants.protocol(name).orElse(0));
        }
        return text(start);
    }

    private static boolean isNameOfField(Token token) {
        return token.kind() == Token.Kind.WORD
                && Character.isLetter(token.text().charAt(0));
    }

    private Expression connection(int start) {
        tokens.take();
        boolean reply = tokens.peek().is("reply");
        boolean directed = tokens.takeIf("original") || tokens.takeIf("reply");
        IpFamily family =
                !directed ? null : tokens.takeIf("ip") ? IpFamily.IPV4 : tokens.takeIf("ip6") ? IpFamily.IPV6 : null;
        String key = tokens.word();
        if (reply) {
            return text(start);
        }
        return switch (key) {
            case "state" -> new Field(Kind.CONNECTION_STATE);
            case "status" -> new Field(Kind.CONNECTION_STATUS);
            case "mark" -> new Field(Kind.CONNECTION_MARK);
            case "direction" -> new Field(Kind.CONNECTION_DIRECTION);
            case "saddr" -> new Field(Kind.ORIGINAL_SOURCE, family, null);
            case "daddr" -> new Field(Kind.ORIGINAL_DESTINATION, family, null);
            case "proto-dst" -> new Field(Kind.ORIGINAL_DESTINATION_PORT);
            case "protocol" -> new Field(Kind.PROTOCOL);
            default -> text(start);
        };
    }

    private Expression fib(int start) {
        tokens.take();
        StringBuilder keys = new StringBuilder(tokens.word());
        while (tokens.takeIf(".")) {
            keys.append('.').append(tokens.word());
        }
        String result = tokens.word();
        String asked = keys.toString();
        if (result.equals("type") && asked.equals("daddr")) {
            return new Field(Kind.DESTINATION_TYPE);
        }
        if (result.equals("type") && asked.equals("saddr")) {
            return new Field(Kind.SOURCE_TYPE);
        }
        boolean toSource = asked.startsWith("saddr");
        return toSource && !result.equals("type") ? new Field(Kind.SOURCE_ROUTE_EXISTS) : text(start);
    }

    private Expression numbers(String word) {
        tokens.take();
        if (word.equals("numgen")) {
            tokens.word();
        }
        while (tokens.more() && !tokens.peek().is("mod")) {
            tokens.take();
        }
        tokens.take();
        OptionalLong modulus = Constants.number(tokens.word());
        long offset = 0;
        while (tokens.peek().is("offset") || tokens.peek().is("seed")) {
            boolean isOffset = tokens.take().is("offset");
            OptionalLong number = Constants.number(tokens.word());
            offset = isOffset ? number.orElse(0) : offset;
        }
        if (modulus.isEmpty() || modulus.getAsLong() < 1 || modulus.getAsLong() > Integer.MAX_VALUE) {
            throw new NotUnderstoodException();
        }
        return new Expression.Random((int) modulus.getAsLong(), (int) offset);
    }

    private Expression others(String word, int start) {
        tokens.take();
        switch (word) {
            case "socket" -> {
                if (tokens.word().equals("cgroupv2")) {
                    tokens.word();
                    tokens.word();
                }
            }
            case "osf" -> {
                if (tokens.takeIf("ttl")) {
                    tokens.word();
                }
                tokens.word();
            }
            case "ipsec" -> {
                tokens.word();
                if (tokens.takeIf("spnum")) {
                    tokens.word();
                }
                if (!tokens.takeIf("ip")) {
                    tokens.takeIf("ip6");
                }
                tokens.word();
            }
            default -> tokens.word();
        }
        return text(start);
    }

    /**
     * Reads a field of another header, such as "icmp type" or "@th,16,16". Returns null if the word does not begin such
     * a field.
     */
    private @Nullable Expression header(String word, int start) {
        if (word.startsWith("@") && tokens.peek(1).isSymbol(",") && !word.equals("@")) {
            for (int i = 0; i < 5; i++) {
                tokens.take();
            }
            return text(start);
        }
        Integer protocol = OTHER_PROTOCOLS.get(word);
        boolean arp = word.equals("arp");
        if ((protocol == null && !arp && !OTHER_HEADERS.contains(word)) || !isNameOfField(tokens.peek(1))) {
            return null;
        }
        tokens.take();
        boolean inner = tokens.peek().is("ip")
                || tokens.peek().is("ip6")
                || tokens.peek().is("ether");
        tokens.word();
        if (inner || (arp && (tokens.peek().is("ip") || tokens.peek().is("ether")))) {
            tokens.word();
        }
        if (protocol != null) {
            require(Kind.PROTOCOL, protocol);
        } else if (arp) {
            conditions.add(new Statement.Never(tokens.text(start)));
        }
        return text(start);
    }

    private void require(Kind kind, long number) {
        conditions.add(new Statement.If(
                new Field(kind),
                Statement.Operator.IN,
                new Elements.Listed(new NamedElements(
                        List.of(new SetElement(List.of(new Pattern.One(Value.Numeric.of(number))), null)), true)),
                tokens.text(0)));
    }

    private Expression text(int start) {
        return new Expression.NotUnderstood(tokens.text(start));
    }
}
