package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Compares Fairlead with a real kube-proxy 1.37.2. Both read the same files and command lines, and write the resulting
 * configuration. Both must write the same text, or both must refuse the input with the same exit status and a message
 * that names the same field or flag. The known differences are in the file differences.txt, with the reasons.
 */
final class KubeProxyDifferentialTest {
    private static final String FOLDER = "FAIRLEAD_KUBERNETES";
    private static final int ENOUGH = 400;
    private static final int SECONDS = 30;

    /** The forms in which kube-proxy's messages name a wrong flag or field. */
    private static final List<Pattern> NAMES = List.of(
            Pattern.compile("for \"(?:-\\w, )?(--[a-z-]+)\" flag"),
            Pattern.compile("unknown flag: (--[a-z-]+)"),
            Pattern.compile("Go struct field [A-Za-z.]*?\\.([A-Za-z]+) of type"),
            Pattern.compile("unrecognized feature gate: (\\w*)"),
            Pattern.compile("cannot set feature gate (\\w+)"),
            Pattern.compile("(?:KubeProxyConfiguration|logging)\\.(?:[A-Za-z]+\\.)*([A-Za-z]+(?:\\[\\d+])?): "));

    /**
     * The fields that have another name in kube-proxy's messages than in the file: the name in the file, by the name in
     * messages.
     */
    private static final Map<String, String> IN_FILE = Map.of(
            "--v", "-v",
            "proxymode", "mode",
            "clustercidrs[0]", "clustercidr",
            "clustercidrs[1]", "clustercidr",
            "clustercidrs", "clustercidr",
            "interfacename", "bridgeinterface",
            "interfaceprefix", "interfacenameprefix");

    @TempDir
    Path folder;

    private final StringWriter outWriter = new StringWriter();
    private final StringWriter errWriter = new StringWriter();
    private Session session;
    private CommandLine commands;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        commands = session.commandLine(outWriter, errWriter);
    }

    private record Answer(int status, String written, String message) {}

    @Test
    void readsAsKubeProxyDoesOrAsDocumented() throws IOException, InterruptedException, ExecutionException {
        Path kubeProxy = Path.of(Objects.requireNonNullElse(System.getenv(FOLDER), "/none"), "kube-proxy");
        Assumptions.assumeTrue(
                Files.isExecutable(kubeProxy), "no real kube-proxy (" + FOLDER + " names no folder that has one)");
        List<ConfigCase> cases = ConfigCase.all();
        List<Answer> theirs = theirs(kubeProxy, cases);
        Map<String, String> listed = listed();
        Map<String, String> unlisted = new TreeMap<>();
        List<String> same = new ArrayList<>();
        int accepted = 0;
        int differing = 0;
        for (int i = 0; i < cases.size(); i++) {
            Answer ours = ours(cases.get(i));
            Optional<String> difference = difference(theirs.get(i), ours);
            accepted += ours.status() == 0 ? 1 : 0;
            differing += difference.isPresent() ? 1 : 0;
            String name = cases.get(i).name();
            if (difference.isPresent() && !listed.containsKey(name)) {
                unlisted.put(name, difference.get());
            } else if (difference.isEmpty() && listed.containsKey(name)) {
                same.add(name);
            }
        }
        System.out.println(cases.size() + " files and command lines beside kube-proxy: " + accepted + " accepted, "
                + (cases.size() - accepted) + " refused, " + differing + " differ");

        assertThat(cases).hasSizeGreaterThanOrEqualTo(ENOUGH);
        assertThat(unlisted).as("differences that are not listed").isEmpty();
        assertThat(same).as("listed as different, and not so").isEmpty();
    }

    private static Map<String, String> listed() throws IOException {
        Map<String, String> listed = new LinkedHashMap<>();
        ConfigCase.lines("differences.txt").stream()
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    String[] parts = line.split(" => ", 2);
                    listed.put(parts[0], parts[1]);
                });
        return listed;
    }

    private static Optional<String> difference(Answer theirs, Answer ours) {
        if (theirs.status() != ours.status()) {
            return Optional.of("status " + theirs.status() + " and " + ours.status() + ": " + theirs.message() + " / "
                    + ours.message());
        }
        if (theirs.status() == 0) {
            return theirs.written().equals(ours.written())
                    ? Optional.empty()
                    : Optional.of("written: " + firstDifference(theirs.written(), ours.written()));
        }
        return named(theirs.message())
                .filter(name -> !isNamed(name, ours.message().toLowerCase(Locale.ROOT)))
                .map(name -> "does not name " + name + ": " + ours.message());
    }

    /**
     * Returns whether a message contains the name of a field or flag. The name of a flag is often the name of the field
     * with dashes.
     */
    private static boolean isNamed(String name, String message) {
        return message.contains(name) || message.replace("-", "").contains(name);
    }

    private static Optional<String> named(String message) {
        for (Pattern pattern : NAMES) {
            Matcher matcher = pattern.matcher(message);
            if (matcher.find()) {
                String name = matcher.group(1).toLowerCase(Locale.ROOT);
                return Optional.of(IN_FILE.getOrDefault(name, name));
            }
        }
        return Optional.empty();
    }

    private static String firstDifference(String theirs, String ours) {
        List<String> left = theirs.lines().toList();
        List<String> right = ours.lines().toList();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return left.get(i).strip() + " / " + right.get(i).strip();
            }
        }
        return left.size() + " / " + right.size() + " lines";
    }

    private Answer ours(ConfigCase one) throws IOException {
        Path out = folder.resolve("ours.out");
        List<String> words = new ArrayList<>(List.of("kube-proxy"));
        words.addAll(words(one, folder.resolve("ours.yaml"), out));
        int status = session.run(commands, outWriter, errWriter, words.toArray(String[]::new));
        return new Answer(status, content(out), session.err);
    }

    private List<Answer> theirs(Path kubeProxy, List<ConfigCase> cases)
            throws InterruptedException, ExecutionException {
        try (ExecutorService pool =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                int number = i;
                answers.add(pool.submit(() -> theirs(kubeProxy, cases.get(number), number)));
            }
            List<Answer> all = new ArrayList<>();
            for (Future<Answer> answer : answers) {
                all.add(answer.get());
            }
            return all;
        }
    }

    private Answer theirs(Path kubeProxy, ConfigCase one, int number) throws IOException, InterruptedException {
        Path out = folder.resolve(number + ".out");
        List<String> command = new ArrayList<>(List.of(kubeProxy.toString()));
        command.addAll(words(one, folder.resolve(number + ".yaml"), out));
        Path log = folder.resolve(number + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("GOMAXPROCS", "1");
        builder.environment().put("GOGC", "off");
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("kube-proxy did not end: " + command);
        }
        return new Answer(process.exitValue(), content(out), Files.readString(log));
    }

    private static List<String> words(ConfigCase one, Path file, Path out) throws IOException {
        Files.deleteIfExists(out);
        if (!one.file().isEmpty()) {
            Files.writeString(file, one.file(), StandardCharsets.UTF_8);
        }
        // The option comes first, because after "--" it would not be read as a flag.
        List<String> words = new ArrayList<>(List.of("--write-config-to=" + out));
        one.flags().forEach(word -> words.add(word.replace("FILE", file.toString())));
        return words;
    }

    private static String content(Path file) throws IOException {
        @Nullable String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : null;
        return Objects.requireNonNullElse(text, "");
    }
}
