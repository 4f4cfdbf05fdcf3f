package io.fairlead.config;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;
import tools.jackson.databind.JsonNode;

/**
 * Writes a JSON tree as YAML, with the same bytes as Go's yaml library. Fields are sorted. A text is quoted if it would
 * otherwise be read as another type.
 */
final class ConfigText {
    private static final @Nullable Mark NOWHERE = null;
    private static final ImplicitTuple NO_TAG = new ImplicitTuple(true, true);

    /** The pattern of texts that YAML 1.1 parsers read as numbers with base 60, for example 1:30. */
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");

    private final Emitter emitter;

    private ConfigText(StringWriter out) {
        this.emitter = new Emitter(out, new DumperOptions());
    }

    static String yaml(JsonNode tree) {
        StringWriter out = new StringWriter();
        try {
            ConfigText text = new ConfigText(out);
            text.emit(new StreamStartEvent(NOWHERE, NOWHERE));
            text.emit(new DocumentStartEvent(NOWHERE, NOWHERE, false, null, Map.of()));
            text.write(tree);
            text.emit(new DocumentEndEvent(NOWHERE, NOWHERE, false));
            text.emit(new StreamEndEvent(NOWHERE, NOWHERE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private void write(JsonNode node) throws IOException {
        if (node.isObject()) {
            emit(new MappingStartEvent(null, null, true, NOWHERE, NOWHERE, DumperOptions.FlowStyle.BLOCK));
            for (String name : new TreeSet<>(node.propertyNames())) {
                text(name);
                write(node.path(name));
            }
            emit(new MappingEndEvent(NOWHERE, NOWHERE));
        } else if (node.isArray()) {
            emit(new SequenceStartEvent(null, null, true, NOWHERE, NOWHERE, DumperOptions.FlowStyle.BLOCK));
            for (JsonNode item : node) {
                write(item);
            }
            emit(new SequenceEndEvent(NOWHERE, NOWHERE));
        } else if (node.isString()) {
            text(node.asString());
        } else {
            scalar(
                    node.isFloatingPointNumber() ? GoNumber.text(node.floatValue()) : node.toString(),
                    DumperOptions.ScalarStyle.PLAIN);
        }
    }

    private void text(String text) throws IOException {
        boolean plain = GoScalar.isText(text) && !BASE_60.matcher(text).matches();
        scalar(
                text,
                text.contains("\n")
                        ? DumperOptions.ScalarStyle.LITERAL
                        : plain ? DumperOptions.ScalarStyle.PLAIN : DumperOptions.ScalarStyle.DOUBLE_QUOTED);
    }

    private void scalar(String text, DumperOptions.ScalarStyle style) throws IOException {
        emit(new ScalarEvent(null, null, NO_TAG, text, NOWHERE, NOWHERE, style));
    }

    private void emit(Event event) throws IOException {
        emitter.emit(event);
    }
}
