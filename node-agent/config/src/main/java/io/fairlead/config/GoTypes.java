package io.fairlead.config;

import io.fairlead.config.KubeProxyConfiguration.Logging.FlushFrequency;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Defines how Jackson reads and writes the types of kube-proxy's fields. Like Go's decoder, it does not convert between
 * types, for example from text to a number. A value of a wrong type is reported to the {@link Findings} and counts as
 * not set.
 */
final class GoTypes {
    /** The name of the Jackson attribute that holds the {@link Findings} of the current call. */
    static final String FINDINGS = "findings";

    private static final long UINT32_MOST = 0xffff_ffffL;
    private static final int SHOWN = 60;

    private GoTypes() {}

    static JacksonModule module() {
        SimpleModule module = new SimpleModule("kube-proxy");
        module.addDeserializer(String.class, new Scalar<>("text", "", GoTypes::text));
        module.addDeserializer(boolean.class, new Scalar<>("true or false", false, GoTypes::bool));
        module.addDeserializer(Boolean.class, new Scalar<>("true or false", null, GoTypes::bool));
        String int32 = "a whole number of 32 bits";
        module.addDeserializer(int.class, new Scalar<>(int32, 0, GoTypes::int32));
        module.addDeserializer(Integer.class, new Scalar<>(int32, null, GoTypes::int32));
        module.addDeserializer(long.class, new Scalar<>("a whole number from 0 to 4294967295", 0L, GoTypes::uint32));
        module.addDeserializer(
                float.class,
                new Scalar<>("a number with or without a fraction, as a 32-bit float", 0f, GoTypes::float32));
        module.addDeserializer(Duration.class, new SetDuration());
        module.addDeserializer(
                FlushFrequency.class,
                new Scalar<>(
                        "a duration like 5s, or nanoseconds",
                        new FlushFrequency(Duration.ZERO, false),
                        GoTypes::flushFrequency));
        module.addDeserializer(
                GoQuantity.class,
                new Scalar<>(
                        "a quantity like 512, 64Ki or 1M",
                        GoQuantity.ZERO,
                        parser -> parser.currentToken().isScalarValue()
                                ? GoQuantity.parse(parser.getString().strip())
                                : Optional.empty()));
        module.addSerializer(new TextSerializer<>(Duration.class, GoDuration::text));
        module.addSerializer(new TextSerializer<>(GoQuantity.class, GoQuantity::text));
        module.addSerializer(new FlushFrequencySerializer());
        return module;
    }

    /** Returns the path of the value that the parser is reading: "iptables.syncPeriod", "nodePortAddresses[1]". */
    static String path(JsonParser parser) {
        StringBuilder path = new StringBuilder();
        for (JsonPointer at = parser.streamReadContext().pathAsPointer(); !at.matches(); at = at.tail()) {
            if (at.getMatchingIndex() >= 0) {
                path.append('[').append(at.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(at.getMatchingProperty());
            }
        }
        return path.toString();
    }

    private static Optional<String> text(JsonParser parser) {
        return parser.hasToken(JsonToken.VALUE_STRING) ? Optional.of(parser.getString()) : Optional.empty();
    }

    private static Optional<Boolean> bool(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> int32(JsonParser parser) {
        return whole(parser, Integer.MIN_VALUE, Integer.MAX_VALUE).map(BigInteger::intValueExact);
    }

    private static Optional<Long> uint32(JsonParser parser) {
        return whole(parser, 0, UINT32_MOST).map(BigInteger::longValueExact);
    }

    private static Optional<BigInteger> whole(JsonParser parser, long least, long most) {
        return Optional.of(parser)
                .filter(at -> at.hasToken(JsonToken.VALUE_NUMBER_INT))
                .map(JsonParser::getBigIntegerValue)
                .filter(number -> number.compareTo(BigInteger.valueOf(least)) >= 0
                        && number.compareTo(BigInteger.valueOf(most)) <= 0);
    }

    private static Optional<Float> float32(JsonParser parser) {
        return Optional.of(parser)
                .filter(at -> at.currentToken().isNumeric())
                .map(at -> at.getDecimalValue().floatValue())
                .filter(number -> !Float.isInfinite(number));
    }

    private static Optional<Duration> duration(JsonParser parser) {
        return text(parser).flatMap(GoDuration::parse);
    }

    private static Optional<FlushFrequency> flushFrequency(JsonParser parser) {
        return parser.hasToken(JsonToken.VALUE_STRING)
                ? duration(parser).map(time -> new FlushFrequency(time, true))
                : whole(parser, Long.MIN_VALUE, Long.MAX_VALUE)
                        .map(nanos -> new FlushFrequency(Duration.ofNanos(nanos.longValueExact()), false));
    }

    private static Findings findings(DeserializationContext context) {
        return (Findings) context.getAttribute(FINDINGS);
    }

    /** Reads a scalar field. If the field is null, missing or of a wrong type, its value is {@code zero}. */
    static class Scalar<T> extends ValueDeserializer<T> {
        private final String allowed;
        private final @Nullable T zero;
        private final Function<JsonParser, Optional<T>> read;

        Scalar(String allowed, @Nullable T zero, Function<JsonParser, Optional<T>> read) {
            this.allowed = allowed;
            this.zero = zero;
            this.read = read;
        }

        @Override
        public @Nullable T deserialize(JsonParser parser, DeserializationContext context) {
            Optional<T> value = read.apply(parser);
            if (value.isEmpty()) {
                findings(context).mustBe(path(parser), allowed, shown(parser));
                parser.skipChildren();
            }
            return value.orElse(zero);
        }

        @Override
        public @Nullable T getNullValue(DeserializationContext context) {
            return zero;
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return zero;
        }
    }

    private static final String DURATION = "a duration like 30s, 1m30s or 1h";

    /**
     * Reads a duration that is zero if it is missing. The value null is a problem, because kube-proxy's decoder reads
     * null as "".
     */
    private static final class SetDuration extends Scalar<Duration> {
        SetDuration() {
            super(DURATION, Duration.ZERO, GoTypes::duration);
        }

        @Override
        public Duration getNullValue(DeserializationContext context) {
            findings(context).mustBe(path(context.getParser()), DURATION, "null");
            return Duration.ZERO;
        }
    }

    /** Reads a duration that may be null or missing. Both mean that it is not set. */
    static final class UnsetDuration extends Scalar<Duration> {
        UnsetDuration() {
            super(DURATION, null, GoTypes::duration);
        }
    }

    private static String shown(JsonParser parser) {
        String text = parser.getString();
        String shortened = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return switch (parser.currentToken()) {
            case VALUE_STRING -> "\"" + shortened + "\"";
            case START_OBJECT -> "a mapping";
            case START_ARRAY -> "a list";
            default -> shortened;
        };
    }

    private static final class TextSerializer<T> extends StdScalarSerializer<T> {
        private final Function<T, String> text;

        TextSerializer(Class<T> type, Function<T, String> text) {
            super(type);
            this.text = text;
        }

        @Override
        public void serialize(
                T value, tools.jackson.core.JsonGenerator out, tools.jackson.databind.SerializationContext context) {
            out.writeString(text.apply(value));
        }
    }

    private static final class FlushFrequencySerializer extends StdScalarSerializer<FlushFrequency> {
        FlushFrequencySerializer() {
            super(FlushFrequency.class);
        }

        @Override
        public void serialize(
                FlushFrequency value,
                tools.jackson.core.JsonGenerator out,
                tools.jackson.databind.SerializationContext context) {
            if (value.text()) {
                out.writeString(GoDuration.text(value.time()));
            } else {
                out.writeNumber(value.time().toNanos());
            }
        }
    }
}
