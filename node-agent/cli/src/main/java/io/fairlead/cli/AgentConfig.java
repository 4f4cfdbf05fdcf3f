package io.fairlead.cli;

import io.fairlead.agent.logging.LogSettings;
import io.fairlead.config.ConfigException;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.KubeProxyFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The configuration of the agent. As in kube-proxy, it is read either from a file and the few flags that are used
 * together with a file, or from all flags (CFG-12).
 *
 * @param file the configuration file; null if there is none
 * @param content the text of the file; "" if there is no file
 * @param remarks the messages to log when the log is configured
 */
record AgentConfig(ConfigReader.Result read, @Nullable Path file, String content, List<Remark> remarks) {
    /** A message for the log. */
    record Remark(Level level, String text) {
        private static Remark warning(String text) {
            return new Remark(Level.WARN, text);
        }

        private static Remark info(String text) {
            return new Remark(Level.INFO, text);
        }
    }

    private static final Pattern INDEX = Pattern.compile("\\[.*");

    /**
     * Reads the configuration.
     *
     * @param dryRun whether the agent runs in dry-run mode. A running proxy may then use the ports in the file.
     *     Therefore the flags for ports replace the ports in the file
     * @throws CommandException if the file cannot be read, or if a field or a flag is wrong
     */
    static AgentConfig of(FlagValues flags, boolean dryRun) {
        String file = flags.text(KubeProxyFlag.CONFIG);
        return file.isEmpty() ? ofFlags(flags) : ofFile(Path.of(file), flags, dryRun);
    }

    /** Returns the configuration. */
    KubeProxyConfig config() {
        return read.config();
    }

    /** Returns the settings of the log. */
    LogSettings logSettings() {
        KubeProxyConfig.Logging logging = read.config().logging();
        return new LogSettings(
                logging.json(),
                logging.verbosity(),
                logging.vmodule().stream()
                        .map(one -> LogSettings.OfSource.of(one.filePattern(), one.verbosity()))
                        .toList(),
                logging.splitStream());
    }

    private static AgentConfig ofFlags(FlagValues flags) {
        try {
            ConfigReader.Result read = ConfigReader.ofFlags(flags.fields());
            List<Remark> remarks = new ArrayList<>();
            flags.flags().stream()
                    .filter(KubeProxyFlag::isDeprecated)
                    .forEach(flag -> remarks.add(Remark.warning(flag.option() + ": " + flag.help())));
            addAll(remarks, read, line -> withFlag(line, flags));
            return new AgentConfig(read, null, "", remarks);
        } catch (ConfigException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the command line has errors",
                    e.problems().stream().map(line -> withFlag(line, flags)).toList());
        }
    }

    private static AgentConfig ofFile(Path file, FlagValues flags, boolean dryRun) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--config: " + Wiring.reason(e));
        }
        List<Remark> remarks = new ArrayList<>();
        Predicate<KubeProxyFlag> counts = flag -> flag.countsBesideConfig() || (dryRun && isPort(flag));
        flags.flags().stream()
                .filter(counts.negate())
                .forEach(flag -> remarks.add(Remark.warning(flag.option() + " is ignored because --config is given")));
        try {
            ConfigReader.Result read = ConfigReader.read(file.toString(), content, flags.besideFile(counts));
            addAll(remarks, read, line -> file + ": " + line);
            return new AgentConfig(read, file, new String(content, StandardCharsets.UTF_8), remarks);
        } catch (ConfigException e) {
            throw new CommandException(ExitCode.USAGE, "the configuration " + file + " cannot be used", e.problems());
        }
    }

    private static boolean isPort(KubeProxyFlag flag) {
        return flag == KubeProxyFlag.HEALTHZ_BIND_ADDRESS || flag == KubeProxyFlag.METRICS_BIND_ADDRESS;
    }

    private static void addAll(List<Remark> remarks, ConfigReader.Result read, UnaryOperator<String> where) {
        read.warnings().forEach(line -> remarks.add(Remark.warning(where.apply(line))));
        read.ineffective().forEach(line -> remarks.add(Remark.warning(where.apply(line))));
        read.advice().forEach(line -> remarks.add(Remark.info(line)));
    }

    /**
     * Returns "--flag: path: message" if a flag set the field of the message "path: message"; otherwise the message
     * unchanged.
     */
    private static String withFlag(String line, FlagValues flags) {
        String field = INDEX.matcher(line.split("[: ]", 2)[0]).replaceFirst("");
        String gate = field.startsWith("featureGates.") ? "featureGates" : field;
        String section = gate.replace("nftables.", "iptables.");
        return KubeProxyFlag.ofField(section).stream()
                .filter(flags::has)
                .findFirst()
                .map(flag -> flag.option() + ": " + line)
                .orElse(line);
    }
}
