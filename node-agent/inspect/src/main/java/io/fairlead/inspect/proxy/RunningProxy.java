package io.fairlead.inspect.proxy;

import io.fairlead.config.ConfigException;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.config.flags.FlagException;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.FlagWords;
import io.fairlead.config.flags.KubeProxyFlag;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.node.NodeFacts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the configuration of the proxy (kube-proxy or Fairlead) that runs on a node. The sources are the proxy's page
 * /configz and, if no page can be read, the configuration file or the flags on the proxy's command line.
 */
public final class RunningProxy {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GROUP = "kubeproxy.config.k8s.io";
    private static final List<String> USUAL = List.of("127.0.0.1:10249", "[::1]:10249");
    private static final Pattern PROCESS = Pattern.compile("[0-9]+");

    private final NodeFacts facts;

    /**
     * A configuration that was found.
     *
     * @param source the place at which it was found, as text for users
     * @param content the configuration in the form of a configuration file: JSON or YAML
     */
    public record Found(String source, String content) {
        /**
         * Reads the configuration.
         *
         * @param chosen the mode that replaces the mode of the configuration; null to keep the mode
         * @throws ConfigException if the configuration cannot be used
         */
        public KubeProxyConfig config(@Nullable ProxyMode chosen) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return (chosen == null ? ConfigReader.read(source, bytes) : ConfigReader.read(source, bytes, chosen))
                    .config();
        }
    }

    /** A process that runs a proxy, with the flags on its command line. */
    private record ProxyProcess(String id, FlagValues flags) {}

    /** Creates a finder for the node that {@code facts} shows. */
    public RunningProxy(NodeFacts facts) {
        this.facts = facts;
    }

    /**
     * Returns the configuration of the running proxy; empty if no proxy runs, or if its configuration cannot be read.
     */
    public Optional<Found> find() {
        List<ProxyProcess> processes = processes();
        List<String> addresses = new ArrayList<>();
        processes.stream()
                .map(process -> process.flags().text(KubeProxyFlag.METRICS_BIND_ADDRESS))
                .map(RunningProxy::reachable)
                .filter(address -> !address.isEmpty())
                .forEach(addresses::add);
        addresses.addAll(USUAL);
        for (String address : addresses.stream().distinct().toList()) {
            Optional<Found> found = page(address);
            if (found.isPresent()) {
                return found;
            }
        }
        return processes.stream()
                .flatMap(process -> ofCommandLine(process).stream())
                .findFirst();
    }

    private static String reachable(String address) {
        return address.startsWith(":")
                ? "127.0.0.1" + address
                : address.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
    }

    private Optional<Found> page(String address) {
        try {
            URI page = URI.create("http://" + address + "/configz");
            return facts.page(page).flatMap(text -> ofPage(page.toString(), text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Parses the text of a page /configz. Returns empty if the text is not such a page. */
    public static Optional<Found> ofPage(String source, String text) {
        try {
            return JSON.readTree(text).path(GROUP) instanceof ObjectNode fields
                    ? Optional.of(new Found(source, versioned(fields).toString()))
                    : Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static JsonNode versioned(ObjectNode fields) {
        ObjectNode named = fields.deepCopy();
        if (!named.has("kind")) {
            named.put("kind", "KubeProxyConfiguration");
            named.put("apiVersion", GROUP + "/v1alpha1");
        }
        return named;
    }

    private Optional<Found> ofCommandLine(ProxyProcess process) {
        String file = process.flags().text(KubeProxyFlag.CONFIG);
        try {
            if (file.isEmpty()) {
                return Optional.of(new Found(
                        "the command line of process " + process.id(),
                        ConfigReader.ofFlags(process.flags().fields())
                                .config()
                                .written()
                                .yaml()));
            }
            return facts.file("/proc/" + process.id() + (file.startsWith("/") ? "/root" : "/cwd/") + file)
                    .map(text -> new Found(file + " of process " + process.id(), text));
        } catch (ConfigException _) {
            return Optional.empty();
        }
    }

    /** Returns the proxies in the network namespace of this thread, except proxies whose flags have invalid values. */
    private List<ProxyProcess> processes() {
        Optional<String> here = facts.link("/proc/thread-self/ns/net");
        List<ProxyProcess> processes = new ArrayList<>();
        for (String id : facts.names("/proc")) {
            if (!PROCESS.matcher(id).matches()) {
                continue;
            }
            List<String> words = Arrays.asList(
                    facts.file("/proc/" + id + "/cmdline").orElse("").split("\0", -1));
            List<String> flags = flags(words);
            if (flags != null && facts.link("/proc/" + id + "/ns/net").equals(here)) {
                read(flags).ifPresent(values -> processes.add(new ProxyProcess(id, values)));
            }
        }
        return processes;
    }

    /**
     * Returns the words after the name of kube-proxy, or after the command of Fairlead that runs the proxy; null if the
     * command line is of another program.
     */
    private static @Nullable List<String> flags(List<String> words) {
        String program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
        if (program.equals("kube-proxy")) {
            return words.subList(1, words.size());
        }
        int main = words.indexOf("io.fairlead.cli.Main");
        boolean agent = main >= 0
                && main + 1 < words.size()
                && List.of("agent", "kube-proxy").contains(words.get(main + 1));
        return agent ? words.subList(main + 2, words.size()) : null;
    }

    private static Optional<FlagValues> read(List<String> words) {
        Map<KubeProxyFlag, List<String>> values = new EnumMap<>(KubeProxyFlag.class);
        for (String word : FlagWords.normal(words)) {
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            for (KubeProxyFlag flag : KubeProxyFlag.values()) {
                if (flag.option().equals(option)) {
                    values.computeIfAbsent(flag, _ -> new ArrayList<>())
                            .add(equals < 0 ? "true" : word.substring(equals + 1));
                }
            }
        }
        try {
            return Optional.of(FlagValues.of(values));
        } catch (FlagException _) {
            return Optional.empty();
        }
    }
}
