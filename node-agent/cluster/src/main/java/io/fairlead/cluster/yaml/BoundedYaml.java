package io.fairlead.cluster.yaml;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Parses YAML with limits that the parser does not have (snakeyaml-engine 3.1.1): it recurses into any depth, until the
 * stack is full; a node may contain itself through an alias; and some nested aliases in a short text stand for millions
 * of values. A document beyond a limit is refused like one with a syntax error.
 */
public final class BoundedYaml {
    /** The greatest depth of values in values. The deepest Kubernetes objects, definitions of resources, need 60. */
    private static final int DEEPEST = 200;

    /**
     * The number of values that a document may stand for beside one for each of its characters. Without aliases, a
     * value has at least one character.
     */
    private static final int FEW_VALUES = 1000;

    private BoundedYaml() {}

    /**
     * Returns the only document of a text; empty if there is none.
     *
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if the text is not YAML, has several documents, or
     *     is beyond a limit
     */
    public static Optional<Node> single(LoadSettings settings, String text) {
        return composer(settings, text).getSingleNode().map(node -> checked(node, text));
    }

    /**
     * Returns the documents of a text. The iterator throws for a document that is not YAML or is beyond a limit, as
     * {@link #single} does.
     */
    public static Iterator<Node> all(LoadSettings settings, String text) {
        Composer composer = composer(settings, text);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return composer.hasNext();
            }

            @Override
            public Node next() {
                if (!composer.hasNext()) {
                    throw new NoSuchElementException();
                }
                return checked(composer.next(), text);
            }
        };
    }

    private static Composer composer(LoadSettings settings, String text) {
        ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
        return new Composer(settings, new ShallowParser(parser, DEEPEST));
    }

    private static Node checked(Node document, String text) {
        if (text.indexOf('*') >= 0) {
            new Expansion((long) FEW_VALUES + text.length()).visit(document, 0);
        }
        return document;
    }

    /** Visits a document as if each alias were a copy of its target. */
    private static final class Expansion {
        private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
        private final long most;
        private long values;

        Expansion(long most) {
            this.most = most;
        }

        void visit(Node node, int depth) {
            if (++values > most) {
                throw refused(node, "aliases repeat too much of the document");
            }
            if (depth > DEEPEST) {
                throw refused(node, "aliases nest values deeper than " + DEEPEST + " levels");
            }
            if (!open.add(node)) {
                throw refused(node, "a value contains itself through an alias");
            }
            if (node instanceof SequenceNode sequence) {
                sequence.getValue().forEach(item -> visit(item, depth + 1));
            } else if (node instanceof MappingNode mapping) {
                for (NodeTuple entry : mapping.getValue()) {
                    visit(entry.getKeyNode(), depth + 1);
                    visit(entry.getValueNode(), depth + 1);
                }
            }
            open.remove(node);
        }

        private static ComposerException refused(Node node, String reason) {
            return new ComposerException(reason, node.getStartMark());
        }
    }
}
