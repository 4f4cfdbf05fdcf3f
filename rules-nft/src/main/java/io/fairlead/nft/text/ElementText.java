package io.fairlead.nft.text;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Origin;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Writes and parses elements of sets and maps. The comment is between the key and the data. */
public final class ElementText {
    private ElementText() {}

    /** Returns the text of an element, for example "10.96.0.10 . tcp . 80 comment "ns/name" : goto cip". */
    public static String write(Element element) {
        StringBuilder out = new StringBuilder(64);
        write(element, out);
        return out.toString();
    }

    static void write(Element element, StringBuilder out) {
        writeKey(element.key(), out);
        if (!element.comment().isEmpty()) {
            out.append(" comment \"").append(element.comment().text()).append('"');
        }
        switch (element.data()) {
            case null -> {}
            case ElementData.Target(IpPort endpoint) ->
                out.append(" : ").append(endpoint.ip().text()).append(" . ").append(endpoint.port());
            case Verdict verdict -> out.append(" : ").append(VerdictText.write(verdict));
        }
    }

    static void writeKey(ElementKey key, StringBuilder out) {
        switch (key) {
            case ElementKey.Vip(Ip ip, var protocol, int port) ->
                out.append(ip.text())
                        .append(" . ")
                        .append(protocol)
                        .append(" . ")
                        .append(port);
            case ElementKey.NodePort(var protocol, int port) ->
                out.append(protocol).append(" . ").append(port);
            case ElementKey.VipSlot(Ip ip, int port, int index) ->
                out.append(ip.text()).append(" . ").append(port).append(" . ").append(index);
            case ElementKey.NodePortSlot(int port, int index) ->
                out.append(port).append(" . ").append(index);
            case ElementKey.Slot(var protocol, int index) ->
                out.append(protocol).append(" . ").append(index);
            case ElementKey.Address(Ip ip) -> out.append(ip.text());
            case ElementKey.Range range -> writeRange(range, out);
            case ElementKey.Pair(Ip source, Ip destination, var protocol, int port) ->
                out.append(source.text())
                        .append(" . ")
                        .append(destination.text())
                        .append(" . ")
                        .append(protocol)
                        .append(" . ")
                        .append(port);
            case ElementKey.Socket(IpPort address) ->
                out.append(address.ip().text()).append(" . ").append(address.port());
        }
    }

    private static void writeRange(ElementKey.Range range, StringBuilder out) {
        if (range.first().equals(range.last())) {
            out.append(range.first().text());
        } else {
            out.append(range.asPrefix()
                    .map(Cidr::text)
                    .orElseGet(() -> range.first().text() + "-" + range.last().text()));
        }
    }

    /** The origin of an element before {@link Origins} has processed the whole table. */
    private static final Origin UNDECIDED = new Origin.Node();

    /** Parses the text between the braces of "elements = { ... }". */
    static List<Element> parse(SetType type, String text, int start, int end) {
        Words words = new Words(text, start, end);
        List<Element> elements = new ArrayList<>();
        while (words.hasNext()) {
            ElementKey key = key(type, words);
            Comment comment = Comment.NONE;
            ElementData data = null;
            while (words.hasNext() && !words.takeIf(',')) {
                String word = words.take();
                switch (word) {
                    case "comment" -> comment = new Comment(words.take());
                    case ":" -> data = data(words);
                    default -> throw new NotOursException(word);
                }
            }
            if ((data != null) != type.isMap()) {
                throw new NotOursException("data");
            }
            elements.add(new Element(key, data, comment, UNDECIDED));
        }
        return type instanceof SetType.Ranges ? joined(elements) : elements;
    }

    private static List<Element> joined(List<Element> elements) {
        List<ElementKey.Range> ranges = new ArrayList<>();
        for (Element element : elements) {
            if (element.key() instanceof ElementKey.Range range) {
                ranges.add(range);
            }
        }
        return ElementKey.Range.join(ranges).stream().map(Element::of).toList();
    }

    private static ElementKey key(SetType type, Words words) {
        return switch (type) {
            case SetType.Addresses _ -> new ElementKey.Address(Ip.parse(words.take()));
            case SetType.Ranges _ -> range(words.take());
            case SetType.Pairs _ ->
                new ElementKey.Pair(
                        Ip.parse(words.take()),
                        Ip.parse(words.takeNext()),
                        Numbers.protocol(words.takeNext()),
                        Numbers.parse(words.takeNext()));
            case SetType.Sockets _ ->
                new ElementKey.Socket(new IpPort(Ip.parse(words.take()), Numbers.parse(words.takeNext())));
            case SetType.VipVerdicts _ ->
                new ElementKey.Vip(
                        Ip.parse(words.take()), Numbers.protocol(words.takeNext()), Numbers.parse(words.takeNext()));
            case SetType.NodePortVerdicts _ ->
                new ElementKey.NodePort(Numbers.protocol(words.take()), Numbers.parse(words.takeNext()));
            case SetType.VipEndpoints _ ->
                new ElementKey.VipSlot(
                        Ip.parse(words.take()), Numbers.parse(words.takeNext()), Numbers.parse(words.takeNext()));
            case SetType.NodePortEndpoints _ ->
                new ElementKey.NodePortSlot(Numbers.parse(words.take()), Numbers.parse(words.takeNext()));
            case SetType.PoolEndpoints _ ->
                new ElementKey.Slot(Numbers.protocol(words.take()), Numbers.parse(words.takeNext()));
            case SetType.Affinity _, SetType.Foreign _ -> throw new NotOursException("elements are not read");
        };
    }

    private static ElementKey.Range range(String word) {
        int dash = word.indexOf('-');
        if (dash >= 0) {
            return new ElementKey.Range(Ip.parse(word.substring(0, dash)), Ip.parse(word.substring(dash + 1)));
        }
        return ElementKey.Range.of(word.indexOf('/') < 0 ? Cidr.ofHost(Ip.parse(word)) : Cidr.parse(word));
    }

    private static ElementData data(Words words) {
        String word = words.take();
        if (word.indexOf('.') >= 0 || word.indexOf(':') >= 0) {
            return new ElementData.Target(new IpPort(Ip.parse(word), Numbers.parse(words.takeNext())));
        }
        return VerdictText.parse(word, words::take);
    }

    /** Splits a list of elements into words. The list can be long, so it is not copied. */
    private static final class Words {
        private final String text;
        private final int end;
        private int position;

        Words(String text, int start, int end) {
            this.text = text;
            this.position = start;
            this.end = end;
        }

        boolean hasNext() {
            while (position < end && text.charAt(position) <= ' ') {
                position++;
            }
            return position < end;
        }

        boolean takeIf(char c) {
            if (hasNext() && text.charAt(position) == c) {
                position++;
                return true;
            }
            return false;
        }

        /** Returns the next word. If the word is quoted, the quotes are removed. */
        String take() {
            if (!hasNext()) {
                throw new NotOursException("ends early");
            }
            int start = position;
            if (text.charAt(start) == '"') {
                int quote = text.indexOf('"', start + 1);
                if (quote < 0 || quote >= end) {
                    throw new NotOursException("quote without an end");
                }
                position = quote + 1;
                return text.substring(start + 1, quote);
            }
            while (position < end && text.charAt(position) > ' ' && text.charAt(position) != ',') {
                position++;
            }
            return text.substring(start, position);
        }

        /** Returns the next part of a concatenation, which comes after a dot. */
        String takeNext() {
            if (!take().equals(".")) {
                throw new NotOursException("no concatenation");
            }
            return take();
        }
    }
}
