package io.fairlead.cli;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.config.flags.KubeProxyFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * A command line and a file from which both kube-proxy and Fairlead read a configuration, to compare the results.
 *
 * @param name the name of the case; if the case is a line of a file with cases, the line
 * @param flags the words of the command line; FILE stands for the path of the file
 * @param file the text of the file; "" if there is none
 */
record ConfigCase(String name, List<String> flags, String file) {
    private static final String HEAD = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^ \"'])+");
    private static final Pattern UNICODE = Pattern.compile("(?<!\\\\)\\\\u([0-9a-f]{4})");

    private static final long SEED = 137;
    private static final int GENERATED = Integer.getInteger("differential.generated", 165);
    private static final List<String> FILE_VALUES = List.of(
            "~",
            "''",
            "' '",
            "0",
            "-1",
            "7",
            "1.5",
            "4294967296",
            "on",
            "'true'",
            "0s",
            "'-1s'",
            "90s",
            "[]",
            "[a]",
            "{}",
            "{a: 1}",
            "10.0.0.1",
            "'::1'",
            "10.0.0.0/8",
            "text",
            "nftables",
            "json");
    private static final List<String> FLAG_VALUES = List.of(
            "",
            "' '",
            "0",
            "-1",
            "7",
            "1.5",
            "4294967296",
            "true",
            "F",
            "0s",
            "-1s",
            "90s",
            "10.0.0.1",
            "::1",
            "10.0.0.0/8",
            "text",
            "nftables",
            "json",
            "a=1",
            "a,b");

    /** Returns the cases that are written in files, and cases that are generated from the fields and flags. */
    static List<ConfigCase> all() throws IOException {
        List<ConfigCase> generated = new ArrayList<>(generated());
        Collections.shuffle(generated, new Random(SEED));
        return Stream.of(
                        ofDistributions(),
                        ofFields(lines("fields.txt")),
                        ofFlags(lines("flags.txt")),
                        generated.subList(0, Math.min(GENERATED, generated.size())))
                .flatMap(List::stream)
                .toList();
    }

    /** Returns cases for all fields and flags, with values that programs may parse in different ways. */
    private static List<ConfigCase> generated() {
        List<String> fields = new ArrayList<>();
        addFields(
                fields, "", new Yaml().load(KubeProxyConfig.defaults().written().yaml()));
        fields.addAll(List.of(
                "featureGates.AllowServiceExternalIPs",
                "logging.vmodule",
                "logging.options.json.splitStream",
                "windowsRunAsService",
                "iptables",
                "nftables",
                "ipvs",
                "conntrack",
                "detectLocal",
                "winkernel",
                "clientConnection",
                "logging"));
        List<ConfigCase> cases = new ArrayList<>();
        cases.addAll(ofFields(fields.stream()
                .flatMap(path -> FILE_VALUES.stream().map(value -> nested(path, value)))
                .toList()));
        cases.addAll(ofFlags(Arrays.stream(KubeProxyFlag.values())
                .filter(flag -> flag != KubeProxyFlag.CONFIG && flag != KubeProxyFlag.WRITE_CONFIG_TO)
                .flatMap(flag -> FLAG_VALUES.stream().map(value -> flag.option() + "=" + value))
                .toList()));
        return cases;
    }

    private static void addFields(List<String> fields, String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, below) -> addFields(fields, path.isEmpty() ? name + "" : path + "." + name, below));
        } else if (!path.equals("apiVersion") && !path.equals("kind")) {
            fields.add(path);
        }
    }

    private static String nested(String path, String value) {
        String[] names = path.split("\\.", -1);
        String text = value;
        for (int i = names.length - 1; i > 0; i--) {
            text = "{" + names[i] + ": " + text + "}";
        }
        return names[0] + ": " + text;
    }

    static List<String> lines(String resource) throws IOException {
        try (InputStream in = ConfigCase.class.getResourceAsStream("kube-proxy/" + resource)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .toList();
        }
    }

    private static List<ConfigCase> ofFields(List<String> lines) {
        return lines.stream()
                .map(line -> new ConfigCase(line, List.of("--config=FILE"), HEAD + unescaped(line) + "\n"))
                .toList();
    }

    private static List<ConfigCase> ofFlags(List<String> lines) {
        return lines.stream().map(line -> new ConfigCase(line, words(line), "")).toList();
    }

    private static List<ConfigCase> ofDistributions() throws IOException {
        List<ConfigCase> cases = new ArrayList<>();
        StringBuilder file = new StringBuilder();
        String heading = "";
        for (String line :
                Stream.concat(raw("distributions.txt"), Stream.of("=== : ")).toList()) {
            if (line.startsWith("=== ")) {
                if (!heading.isEmpty()) {
                    String[] parts = heading.split(": ?", 2);
                    cases.add(new ConfigCase(parts[0], words(parts[1]), file.toString()));
                }
                heading = line.substring("=== ".length());
                file.setLength(0);
            } else if (!heading.isEmpty()) {
                file.append(line.endsWith("\\r") || line.startsWith("\\u") ? unescaped(line) : line)
                        .append('\n');
            }
        }
        return cases;
    }

    private static Stream<String> raw(String resource) throws IOException {
        try (InputStream in = ConfigCase.class.getResourceAsStream("kube-proxy/" + resource)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }

    private static String unescaped(String line) {
        return UNICODE.matcher(line)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))))
                .translateEscapes();
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group().replaceAll("'([^']*)'|\"([^\"]*)\"", "$1$2"));
        }
        return words;
    }
}
