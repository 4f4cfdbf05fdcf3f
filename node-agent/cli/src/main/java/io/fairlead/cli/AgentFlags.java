package io.fairlead.cli;

import io.fairlead.config.flags.FlagException;
import io.fairlead.config.flags.FlagType;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.KubeProxyFlag;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Adds kube-proxy's flags to a command as options, and reads their values. The command line must already be converted
 * by {@link io.fairlead.config.flags.FlagWords}.
 */
final class AgentFlags {

    private AgentFlags() {}

    /** Adds all flags to a command. The values are checked later by {@link #read}. */
    static void addTo(CommandSpec spec) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .validate(false)
                .heading("%nOptions of kube-proxy, most of which are ignored with --config (DURATION: a number with a"
                        + " unit,%nfor example 30s or 1h30m):%n");
        Arrays.stream(KubeProxyFlag.values()).forEach(flag -> group.addArg(option(flag)));
        spec.addArgGroup(group.build());
    }

    private static OptionSpec option(KubeProxyFlag flag) {
        OptionSpec.Builder option = OptionSpec.builder(flag.option())
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity(flag.type() == FlagType.BOOL ? "0..1" : "1")
                .fallbackValue("true")
                .paramLabel(label(flag))
                .hidden(flag.isDeprecated())
                .description((flag.help() + byDefault(flag)).replace("%", "%%"));
        return option.build();
    }

    /** Returns the sentence with the default; "" if there is none, if the help states it, or if the flag is ignored. */
    private static String byDefault(KubeProxyFlag flag) {
        boolean isSwitch = flag.type() == FlagType.BOOL && !flag.field().isEmpty();
        String text = flag.defaultText().isEmpty() && isSwitch ? "false" : flag.defaultText();
        boolean unstated = !text.isEmpty()
                && !flag.help().contains("Default: ")
                && !flag.help().startsWith("Ignored: ");
        return unstated ? " Default: " + text + "." : "";
    }

    private static String label(KubeProxyFlag flag) {
        return switch (flag.type()) {
            case PATTERNS -> "PATTERN=N,...";
            case BOOLEANS -> "NAME=BOOL,...";
            case STRINGS -> "TEXT,...";
            case IP_PORT -> "IP:PORT";
            case STRING -> "TEXT";
            case BOOL, INT32, LEVEL, FLOAT32, DURATION, IP, QUANTITY ->
                flag.type().text().toUpperCase(Locale.ROOT);
        };
    }

    /**
     * Returns the values of the flags that were given.
     *
     * @throws CommandException if values are wrong, with all problems
     */
    static FlagValues read(ParseResult result) {
        Map<KubeProxyFlag, List<String>> words = new EnumMap<>(KubeProxyFlag.class);
        for (KubeProxyFlag flag : KubeProxyFlag.values()) {
            if (result.hasMatchedOption(flag.option())) {
                List<String> values = result.matchedOptionValue(flag.option(), List.of());
                words.put(flag, values);
            }
        }
        try {
            return FlagValues.of(words);
        } catch (FlagException e) {
            throw new CommandException(ExitCode.USAGE, "the command line has errors", e.problems());
        }
    }
}
