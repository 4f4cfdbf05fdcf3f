package io.fairlead.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file, read field by field. A value of the wrong type is a problem and reads as if it were missing;
 * whatever nobody asked for is unknown.
 */
final class Fields {
    private final String path;
    private final Map<?, ?> values;
    private final Findings findings;
    private final Set<String> asked = new HashSet<>();
    private final List<Fields> sections = new ArrayList<>();

    /** What is found to be wrong, for all sections of a file. */
    record Findings(List<String> problems, List<String> warnings) {
        void problem(String field, String message) {
            problems.add(field + ": " + message);
        }

        void warning(String field, String message) {
            warnings.add(field.isEmpty() ? message : field + ": " + message);
        }
    }

    Fields(String path, Map<?, ?> values, Findings findings) {
        this.path = path;
        this.values = values;
        this.findings = findings;
    }

    String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    void problem(String field, String message) {
        findings.problem(path(field), message);
    }

    void warning(String field, String message) {
        findings.warning(path(field), message);
    }

    boolean has(String field) {
        return values.get(field) != null;
    }

    boolean isNonEmptyList(String field) {
        return values.get(field) instanceof List<?> list && !list.isEmpty();
    }

    boolean isText(String field) {
        return values.get(field) instanceof String;
    }

    /** An empty section if there is none. */
    Fields section(String field) {
        Object value = get(field);
        if (value != null && !(value instanceof Map<?, ?>)) {
            problem(field, "must be a mapping, but is " + shown(value));
        }
        Fields section = new Fields(path(field), value instanceof Map<?, ?> map ? map : Map.of(), findings);
        sections.add(section);
        return section;
    }

    /** The sections of a list; what is no section is a problem and left out. */
    List<Fields> sections(String field) {
        Object value = get(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            problem(field, "must be a list, but is " + shown(value));
            return List.of();
        }
        List<Fields> all = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> map) {
                all.add(new Fields(path(field) + "[" + i + "]", map, findings));
            } else {
                problem(field + "[" + i + "]", "must be a mapping, but is " + shown(list.get(i)));
            }
        }
        sections.addAll(all);
        return all;
    }

    /** Quantities are written as either. */
    String textOrNumber(String field) {
        Object value = get(field);
        return value instanceof Integer || value instanceof Long ? value.toString() : text(field);
    }

    String text(String field) {
        Object value = get(field);
        if (value == null || value instanceof String) {
            return value == null ? "" : (String) value;
        }
        problem(field, "must be text, but is " + shown(value));
        return "";
    }

    boolean flag(String field, boolean fallback) {
        Object value = get(field);
        if (value == null || value instanceof Boolean) {
            return value == null ? fallback : (Boolean) value;
        }
        problem(field, "must be true or false, but is " + shown(value));
        return fallback;
    }

    /** A whole number in this range. */
    int number(String field, int fallback, int least, int most) {
        return numberIfSet(field, least, most).orElse(fallback);
    }

    Optional<Integer> numberIfSet(String field, int least, int most) {
        Object value = get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Integer || value instanceof Long || value instanceof BigInteger)) {
            problem(field, "must be a whole number, but is " + shown(value));
            return Optional.empty();
        }
        BigInteger number = new BigInteger(value.toString());
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            problem(
                    field,
                    most == Integer.MAX_VALUE
                            ? "must be " + least + " or more, but is " + number
                            : "not in " + least + " to " + most + ": " + number);
            return Optional.empty();
        }
        return Optional.of(number.intValueExact());
    }

    double decimal(String field, double fallback) {
        Object value = get(field);
        if (value == null || value instanceof Number) {
            return value == null ? fallback : ((Number) value).doubleValue();
        }
        problem(field, "must be a number, but is " + shown(value));
        return fallback;
    }

    /** Zero or missing is {@code fallback}; negative is a problem. */
    Duration duration(String field, Duration fallback) {
        return durationIfSet(field).filter(duration -> !duration.isZero()).orElse(fallback);
    }

    Optional<Duration> durationIfSet(String field) {
        String text = text(field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration = GoDuration.parse(text);
        if (duration.isEmpty()) {
            problem(field, "not a duration (like 30s, 1m30s or 1h): " + shown(text));
        } else if (duration.get().isNegative()) {
            problem(field, "must be 0 or more, but is " + text);
            return Optional.empty();
        }
        return duration;
    }

    List<String> texts(String field) {
        Object value = get(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            problem(field, "must be a list, but is " + shown(value));
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof String text) {
                texts.add(text);
            } else {
                problem(field + "[" + texts.size() + "]", "must be text, but is " + shown(item));
            }
        }
        return texts;
    }

    Map<String, Boolean> flags(String field) {
        Object value = get(field);
        Map<String, Boolean> flags = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, on) -> {
                if (on instanceof Boolean bool) {
                    flags.put(String.valueOf(name), bool);
                } else {
                    problem(field + "." + name, "must be true or false, but is " + shown(on));
                }
            });
        } else if (value != null) {
            problem(field, "must be a mapping, but is " + shown(value));
        }
        return flags;
    }

    /** Fields that exist and mean nothing here: of other systems, or for later. */
    void known(String... fields) {
        asked.addAll(List.of(fields));
    }

    /** Every field that nobody asked for, in this section and those under it (CFG-8). */
    void warnOfUnknown() {
        for (Object name : values.keySet()) {
            if (!asked.contains(String.valueOf(name))) {
                findings.warning(path(String.valueOf(name)), "unknown field, ignored");
            }
        }
        sections.forEach(Fields::warnOfUnknown);
    }

    private @Nullable Object get(String field) {
        asked.add(field);
        return values.get(field);
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case String text -> "\"" + text + "\"";
            case Map<?, ?> _ -> "a mapping";
            case List<?> _ -> "a list";
            default -> value.toString();
        };
    }
}
