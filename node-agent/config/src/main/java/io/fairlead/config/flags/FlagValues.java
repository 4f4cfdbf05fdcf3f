package io.fairlead.config.flags;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flags that were given, in kube-proxy's grammar (FLG-1 to FLG-7). */
public final class FlagValues {
    private static final Pattern QUANTITY = Pattern.compile("\\d+(?:\\.\\d+)?(?:[kKMGTPE]i?|m)?");
    private static final Pattern VMODULE = Pattern.compile("([^=]+)=(\\d{1,9})");

    private final Map<KubeProxyFlag, String> given;

    private FlagValues(Map<KubeProxyFlag, String> given) {
        this.given = given;
    }

    /**
     * From the values of each flag in the order in which they came: the last one counts, but lists add up.
     *
     * @throws FlagException if a value is not of its flag's type
     */
    public static FlagValues of(Map<KubeProxyFlag, List<String>> words) {
        Map<KubeProxyFlag, String> given = new EnumMap<>(KubeProxyFlag.class);
        List<String> problems = new ArrayList<>();
        words.forEach((flag, values) -> {
            values.forEach(value -> check(flag, value, problems));
            if (!values.isEmpty()) {
                given.put(flag, flag.type().adds() ? String.join(",", values) : values.getLast());
            }
        });
        if (!problems.isEmpty()) {
            throw new FlagException(problems);
        }
        return new FlagValues(given);
    }

    /** Whether it was given at all. */
    public boolean has(KubeProxyFlag flag) {
        return given.containsKey(flag);
    }

    /** As it was given; "" if it was not. */
    public String text(KubeProxyFlag flag) {
        return given.getOrDefault(flag, "");
    }

    /** A switch; false if it was not given. */
    public boolean isOn(KubeProxyFlag flag) {
        return has(flag) && bool(text(flag));
    }

    /** Those that were given, in the order of the table. */
    public List<KubeProxyFlag> flags() {
        return List.copyOf(given.keySet());
    }

    /**
     * The fields of a configuration file that say the same. An address of "" and a deprecated port of 0, which switch a
     * server off, have no counterpart there: see {@link #switchedOff}.
     *
     * @param counts which flags count (CFG-12)
     */
    public SortedMap<String, Object> tree(Predicate<KubeProxyFlag> counts) {
        SortedMap<String, Object> tree = new TreeMap<>();
        given.forEach((flag, text) -> {
            if (!flag.field().isEmpty() && counts.test(flag)) {
                enter(tree, flag, text);
            }
        });
        return tree;
    }

    /** Fields of servers that are to be off: {@code healthzBindAddress}, {@code metricsBindAddress} (CFG-7, FLG-6). */
    public List<String> switchedOff() {
        List<String> off = new ArrayList<>();
        addIfOff(off, KubeProxyFlag.HEALTHZ_BIND_ADDRESS, KubeProxyFlag.HEALTHZ_PORT);
        addIfOff(off, KubeProxyFlag.METRICS_BIND_ADDRESS, KubeProxyFlag.METRICS_PORT);
        return off;
    }

    private void addIfOff(List<String> off, KubeProxyFlag address, KubeProxyFlag port) {
        boolean isOff =
                has(address) ? text(address).isEmpty() : has(port) && text(port).equals("0");
        if (isOff) {
            off.add(address.field());
        }
    }

    private void enter(SortedMap<String, Object> tree, KubeProxyFlag flag, String text) {
        switch (flag) {
            case MASQUERADE_ALL -> {
                put(tree, "iptables.masqueradeAll", bool(text));
                put(tree, "nftables.masqueradeAll", bool(text));
            }
            case IPTABLES_SYNC_PERIOD -> {
                put(tree, "iptables.syncPeriod", text);
                put(tree, "nftables.syncPeriod", text);
            }
            case IPTABLES_MIN_SYNC_PERIOD -> {
                put(tree, "iptables.minSyncPeriod", text);
                put(tree, "nftables.minSyncPeriod", text);
            }
            case HEALTHZ_PORT -> putPort(tree, KubeProxyFlag.HEALTHZ_BIND_ADDRESS, text);
            case METRICS_PORT -> putPort(tree, KubeProxyFlag.METRICS_BIND_ADDRESS, text);
            default -> put(tree, flag.field(), typed(flag, text));
        }
    }

    /** The address stays what it is without the deprecated flag. */
    private void putPort(SortedMap<String, Object> tree, KubeProxyFlag address, String port) {
        if (!has(address) && !port.equals("0")) {
            String text = address.defaultText();
            put(tree, address.field(), text.substring(0, text.lastIndexOf(':') + 1) + port);
        }
    }

    @SuppressWarnings("unchecked") // every mapping in the tree was made here
    private static void put(SortedMap<String, Object> tree, String path, Object value) {
        SortedMap<String, Object> section = tree;
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            section = (SortedMap<String, Object>) section.computeIfAbsent(names[i], _ -> new TreeMap<String, Object>());
        }
        section.put(names[names.length - 1], value);
    }

    private static Object typed(KubeProxyFlag flag, String text) {
        return switch (flag.type()) {
            case BOOL -> bool(text);
            case STRING, DURATION, IP, IP_PORT, QUANTITY -> text;
            case INT32 -> Long.parseLong(text);
            case FLOAT32 -> Double.parseDouble(text);
            case STRINGS -> text.isEmpty() ? List.of() : List.of(text.split(",", -1));
            case BOOLEANS -> booleans(text);
            case PATTERNS -> patterns(text);
        };
    }

    private static SortedMap<String, Object> booleans(String text) {
        SortedMap<String, Object> map = new TreeMap<>();
        for (String entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                String[] parts = entry.split("=", 2);
                map.put(parts[0].strip(), bool(parts[1].strip()));
            }
        }
        return Collections.unmodifiableSortedMap(map);
    }

    private static List<Object> patterns(String text) {
        List<Object> patterns = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = VMODULE.matcher(entry.strip());
            if (matcher.matches()) {
                patterns.add(new TreeMap<String, Object>(
                        Map.of("filePattern", matcher.group(1), "verbosity", Long.parseLong(matcher.group(2)))));
            }
        }
        return patterns;
    }

    private static void check(KubeProxyFlag flag, String text, List<String> problems) {
        boolean good = switch (flag.type()) {
            case BOOL -> isBool(text);
            case INT32 -> text.matches("[+-]?\\d{1,10}") && Long.parseLong(text) == (int) Long.parseLong(text);
            case FLOAT32 -> text.matches("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)");
            case QUANTITY -> QUANTITY.matcher(text).matches();
            case BOOLEANS -> List.of(text.split(",", -1)).stream().allMatch(FlagValues::isBlankOrSwitch);
            case PATTERNS ->
                List.of(text.split(",", -1)).stream()
                        .allMatch(entry -> entry.isBlank()
                                || VMODULE.matcher(entry.strip()).matches());
            // What these look like is checked with the fields they set, where a file's values are checked too.
            case STRING, STRINGS, DURATION, IP, IP_PORT -> true;
        };
        if (!good) {
            problems.add(flag.option() + ": not " + article(flag.type()) + ": \"" + text + "\"");
        }
    }

    private static String article(FlagType type) {
        return switch (type) {
            case BOOL -> "true or false";
            case INT32 -> "a whole number of 32 bits";
            case FLOAT32 -> "a number";
            case QUANTITY -> "a quantity like 64Ki";
            case BOOLEANS -> "a list like A=true,B=false";
            case PATTERNS -> "a list like Planner=4,Sync*=6";
            case STRING, STRINGS, DURATION, IP, IP_PORT -> type.text();
        };
    }

    private static boolean isBlankOrSwitch(String entry) {
        String[] parts = entry.split("=", 2);
        return entry.isBlank() || (parts.length == 2 && isBool(parts[1].strip()));
    }

    /** The words that Go takes for a boolean. */
    private static boolean isBool(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False" -> true;
            default -> false;
        };
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            default -> false;
        };
    }
}
