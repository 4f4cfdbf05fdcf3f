package io.fairlead.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Parses the first document of a YAML text into nodes, with the parser of SnakeYAML. SnakeYAML uses the same grammar as
 * libyaml and therefore as Go's yaml library. As in kube-proxy, later documents are not read.
 */
final class YamlText {
    /**
     * The largest number of nested levels. A configuration file has fewer than ten levels. Go's limit is 10,000, but so
     * many levels would need a larger stack in Java.
     */
    private static final int DEEPEST = 500;

    private final ParserImpl parser;
    private final Map<String, Node> anchors = new HashMap<>();
    private int depth;

    /** A node of the document. Its tags are not resolved and its aliases are not expanded yet. */
    sealed interface Node {
        /** Returns the line at which the node starts, from 1. */
        int line();

        /**
         * A scalar.
         *
         * @param tag the full tag; "" if the scalar has no tag
         * @param plain whether the scalar is neither quoted nor a block scalar
         */
        record Scalar(String tag, String text, boolean plain, int line) implements Node {}

        /**
         * A sequence. Its items are added after it is created, because an alias inside the sequence may refer to the
         * sequence.
         */
        record Sequence(List<Node> items, int line) implements Node {}

        /** A mapping. Its entries are added after it is created. */
        record Mapping(List<Entry> entries, int line) implements Node {}

        /** A reference to another node, which has an anchor with this name. */
        record Alias(String name, Node target, int line) implements Node {}
    }

    /** A key of a mapping with its value. */
    record Entry(Node key, Node value) {}

    private YamlText(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(Integer.MAX_VALUE);
        this.parser = new ParserImpl(new StreamReader(text), options);
    }

    /**
     * Parses the first document. Returns null if the text has no document.
     *
     * @throws ConfigSyntaxException if the text is not YAML
     */
    static @Nullable Node firstDocument(String text) {
        String tried = text;
        while (true) {
            try {
                return new YamlText(tried).document();
            } catch (MarkedYAMLException e) {
                int tab = Tabs.separatorAt(tried, e);
                if (tab < 0) {
                    throw new ConfigSyntaxException(
                            e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1,
                            Objects.requireNonNullElse(e.getProblem(), "not YAML"));
                }
                tried = Tabs.withSpacesFrom(tried, tab);
            } catch (org.yaml.snakeyaml.error.YAMLException e) {
                throw new ConfigSyntaxException(0, String.valueOf(e.getMessage()));
            }
        }
    }

    private @Nullable Node document() {
        parser.getEvent();
        if (!parser.checkEvent(Event.ID.DocumentStart)) {
            return null;
        }
        parser.getEvent();
        Node root = node();
        // At the end of the document, the parser reports an error if more text follows, as in "a: 1 }".
        parser.getEvent();
        return root;
    }

    private Node node() {
        Event event = parser.getEvent();
        int line = event.getStartMark().getLine() + 1;
        if (event instanceof AliasEvent alias) {
            Node target = anchors.get(alias.getAnchor());
            if (target == null) {
                throw new ConfigSyntaxException(line, "unknown anchor: " + alias.getAnchor());
            }
            return new Node.Alias(alias.getAnchor(), target, line);
        }
        if (++depth > DEEPEST) {
            throw new ConfigSyntaxException(line, "nested more than " + DEEPEST + " levels deep");
        }
        Node node = switch (event) {
            case ScalarEvent scalar -> named(scalar, scalar(scalar, line));
            case SequenceStartEvent start -> {
                Node.Sequence sequence = named(start, new Node.Sequence(new ArrayList<>(), line));
                while (!parser.checkEvent(Event.ID.SequenceEnd)) {
                    sequence.items().add(node());
                }
                parser.getEvent();
                yield sequence;
            }
            case MappingStartEvent start -> {
                Node.Mapping mapping = named(start, new Node.Mapping(new ArrayList<>(), line));
                while (!parser.checkEvent(Event.ID.MappingEnd)) {
                    mapping.entries().add(new Entry(node(), node()));
                }
                parser.getEvent();
                yield mapping;
            }
            default -> throw new ConfigSyntaxException(line, "unexpected " + event.getEventId());
        };
        depth--;
        return node;
    }

    private <T extends Node> T named(NodeEvent event, T node) {
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), node);
        }
        return node;
    }

    private static Node.Scalar scalar(ScalarEvent event, int line) {
        String tag = Objects.requireNonNullElse(event.getTag(), "");
        return new Node.Scalar(tag, event.getValue(), event.isPlain(), line);
    }

    /**
     * Replaces tabs between the colon after a key and its value by spaces. libyaml skips such tabs, but SnakeYAML
     * reports an error. After each replacement the text is parsed again.
     */
    private static final class Tabs {
        private static final String INDICATORS = "-?:";

        private Tabs() {}

        /**
         * Returns the index of the tab at which SnakeYAML reported an error. Returns -1 if the error is at another
         * character, or if libyaml would report an error at this tab too.
         */
        static int separatorAt(String text, MarkedYAMLException e) {
            if (e.getProblemMark() == null) {
                return -1;
            }
            int at = text.offsetByCodePoints(0, e.getProblemMark().getIndex());
            if (at >= text.length() || text.charAt(at) != '\t') {
                return -1;
            }
            int lineStart = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
            String before = text.substring(lineStart, at).strip();
            // A tab at the start of a line or after block indicators would be indentation, which libyaml refuses too.
            return before.isEmpty() || isBlockIndicators(before) ? -1 : at;
        }

        private static boolean isBlockIndicators(String before) {
            return before.chars().allMatch(c -> INDICATORS.indexOf(c) >= 0 || c == ' ' || c == '\t');
        }

        static String withSpacesFrom(String text, int tab) {
            int end = tab;
            while (end < text.length() && text.charAt(end) == '\t') {
                end++;
            }
            return text.substring(0, tab) + " ".repeat(end - tab) + text.substring(end);
        }
    }
}
