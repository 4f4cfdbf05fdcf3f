package io.fairlead.config.flags;

import io.fairlead.config.HostPort;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The flags of a command line with their parsed values. The same values are accepted as by kube-proxy (FLG-1 to FLG-7).
 */
public final class FlagValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<KubeProxyFlag, List<String>> given;
    private final Map<KubeProxyFlag, JsonNode> values;

    private FlagValues(Map<KubeProxyFlag, List<String>> given, Map<KubeProxyFlag, JsonNode> values) {
        this.given = given;
        this.values = values;
    }

    /**
     * Parses the values of each flag. If a flag has several values, the last value is used. If the flag is a list, the
     * entries of all values are used.
     *
     * @param words the texts of each flag, in the order of the command line
     *
     * @throws FlagException if a value does not have the type of its flag
     */
    public static FlagValues of(Map<KubeProxyFlag, List<String>> words) {
        Map<KubeProxyFlag, List<String>> given = new EnumMap<>(KubeProxyFlag.class);
        Map<KubeProxyFlag, JsonNode> values = new EnumMap<>(KubeProxyFlag.class);
        List<String> problems = new ArrayList<>();
        words.forEach((flag, texts) -> {
            for (String text : texts) {
                Optional<JsonNode> value = FlagText.read(flag.type(), text);
                value.ifPresent(one -> values.merge(flag, one, (old, now) -> FlagText.join(flag.type(), old, now)));
                if (value.isEmpty()) {
                    problems.add(
                            flag.option() + ": must be " + FlagText.allowed(flag.type()) + ", but is \"" + text + "\"");
                }
            }
            if (!texts.isEmpty()) {
                given.put(flag, List.copyOf(texts));
            }
        });
        if (text(given, KubeProxyFlag.HOSTNAME_OVERRIDE).isBlank()
                && !text(given, KubeProxyFlag.HOSTNAME_OVERRIDE).isEmpty()) {
            problems.add(KubeProxyFlag.HOSTNAME_OVERRIDE.option() + ": must be a name, but is blank");
        }
        if (!problems.isEmpty()) {
            throw new FlagException(problems);
        }
        return new FlagValues(given, values);
    }

    /** Returns whether the flag was given. */
    public boolean has(KubeProxyFlag flag) {
        return given.containsKey(flag);
    }

    /**
     * Returns the text of a flag. If the flag was given several times, returns the last text; for a list, all texts
     * joined by commas. Returns "" if the flag was not given.
     */
    public String text(KubeProxyFlag flag) {
        return text(given, flag);
    }

    private static String text(Map<KubeProxyFlag, List<String>> given, KubeProxyFlag flag) {
        List<String> texts = given.getOrDefault(flag, List.of(""));
        return flag.type().adds() ? String.join(",", texts) : texts.getLast();
    }

    /** Returns the value of a boolean flag; false if the flag was not given. */
    public boolean isOn(KubeProxyFlag flag) {
        return has(flag) && value(flag).booleanValue();
    }

    /** Returns the given flags, in the order of {@link KubeProxyFlag}. */
    public List<KubeProxyFlag> flags() {
        return List.copyOf(given.keySet());
    }

    /**
     * Returns the values of the configuration fields that flags set in addition to a file, by the path of the field
     * (CFG-12).
     *
     * @param counts returns whether a flag is used in addition to a file
     */
    public SortedMap<String, JsonNode> besideFile(Predicate<KubeProxyFlag> counts) {
        SortedMap<String, JsonNode> fields = new TreeMap<>();
        values.forEach((flag, value) -> {
            if (!flag.field().isEmpty() && counts.test(flag)) {
                enter(fields, flag, value);
            }
        });
        return fields;
    }

    /**
     * Returns the values of the configuration fields that flags set if there is no file, by the path of the field. The
     * ports of deprecated flags are used, unless the configuration is only written to a file.
     */
    public SortedMap<String, JsonNode> fields() {
        SortedMap<String, JsonNode> fields = besideFile(flag -> !flag.isDeprecated());
        if (text(KubeProxyFlag.WRITE_CONFIG_TO).isEmpty()) {
            setPort(fields, KubeProxyFlag.HEALTHZ_BIND_ADDRESS, KubeProxyFlag.HEALTHZ_PORT);
            setPort(fields, KubeProxyFlag.METRICS_BIND_ADDRESS, KubeProxyFlag.METRICS_PORT);
        }
        return fields;
    }

    private void enter(SortedMap<String, JsonNode> fields, KubeProxyFlag flag, JsonNode value) {
        // kube-proxy has only one flag for syncPeriod, one for minSyncPeriod and one for masqueradeAll. Each of these
        // flags sets the field in the block for the active mode.
        String block = text(KubeProxyFlag.PROXY_MODE).equals("nftables") ? "nftables" : "iptables";
        switch (flag) {
            case MASQUERADE_ALL, IPTABLES_SYNC_PERIOD, IPTABLES_MIN_SYNC_PERIOD ->
                fields.put(flag.field().replace("iptables", block), value);
            case HEALTHZ_BIND_ADDRESS, METRICS_BIND_ADDRESS -> {
                if (!value.asString().isEmpty()) {
                    String port =
                            flag.defaultText().substring(flag.defaultText().lastIndexOf(':') + 1);
                    fields.put(
                            flag.field(), JSON.stringNode(HostPort.withPort(value.asString(), Integer.parseInt(port))));
                }
            }
            case BIND_ADDRESS -> {
                if (!value.asString().isEmpty()) {
                    fields.put(flag.field(), value);
                }
            }
            case HOSTNAME_OVERRIDE -> {
                if (!value.asString().isEmpty()) {
                    fields.put(
                            flag.field(),
                            JSON.stringNode(value.asString().strip().toLowerCase(Locale.ROOT)));
                }
            }
            default -> fields.put(flag.field(), value);
        }
    }

    /**
     * Applies a deprecated flag for a port (FLG-6). The port is added to the address if the address has no port. The
     * port 0 clears the address. If the address is not given, other ports have no effect.
     */
    private void setPort(SortedMap<String, JsonNode> fields, KubeProxyFlag address, KubeProxyFlag port) {
        if (!has(port)) {
            return;
        }
        int number = value(port).intValue();
        if (number == 0) {
            fields.put(address.field(), JSON.stringNode(""));
        } else if (!text(address).isEmpty()) {
            fields.put(address.field(), JSON.stringNode(HostPort.withPort(text(address), number)));
        }
    }

    private JsonNode value(KubeProxyFlag flag) {
        return values.getOrDefault(flag, JSON.nullNode());
    }
}
