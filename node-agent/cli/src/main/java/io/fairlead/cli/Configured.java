package io.fairlead.cli;

import io.fairlead.config.ConfigException;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.inspect.proxy.RunningProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configuration that a command uses.
 *
 * @param source the name of the configuration's source, for messages; "" if no file and no running proxy provides it
 * @param running whether this is the configuration of a running proxy. Files that it names may exist only in the
 *     container of that proxy
 */
record Configured(KubeProxyConfig config, String source, boolean running) {
    private static final Pattern MODE = Pattern.compile("(?:line \\d+: )?mode: ");

    /**
     * Returns the configuration in the file of --config; without --config, the defaults. Warnings are printed to
     * standard error.
     */
    static Configured of(Surroundings surroundings, NodeOptions node) {
        return node.config == null
                ? new Configured(KubeProxyConfig.defaults(), "", false)
                : ofFile(surroundings, node, node.config);
    }

    /**
     * Returns the configuration in the file of --config; without --config, the configuration of the proxy. If no proxy
     * was found or its configuration is wrong, returns the defaults.
     */
    static Configured ofProxy(Surroundings surroundings, NodeOptions node, Optional<RunningProxy.Found> proxy) {
        if (node.config != null || proxy.isEmpty()) {
            return of(surroundings, node);
        }
        try {
            return new Configured(
                    proxy.get().config(node.proxyMode), proxy.get().source(), true);
        } catch (ConfigException e) {
            surroundings
                    .err()
                    .println("warning: the configuration of " + proxy.get().source() + " is not used: "
                            + String.join("; ", e.problems()));
            return of(surroundings, node);
        }
    }

    /** Returns the configuration in a bundle; empty if the bundle contains none. */
    static Optional<RunningProxy.Found> in(Bundle bundle) {
        return bundle.file(Bundle.CONFIGURATION)
                .map(text -> new RunningProxy.Found(
                        bundle.file(Bundle.CONFIGURATION_SOURCE)
                                        .map(String::strip)
                                        .orElse("the running proxy") + " in the bundle",
                        text));
    }

    private static Configured ofFile(Surroundings surroundings, NodeOptions node, Path file) {
        ConfigReader.Result read = read(file, node);
        read.warnings().forEach(warning -> surroundings.err().println("warning: " + file + ": " + warning));
        return new Configured(read.config(), file.toString(), false);
    }

    private static ConfigReader.Result read(Path file, NodeOptions node) {
        try {
            byte[] content = Files.readAllBytes(file);
            return node.proxyMode == null
                    ? ConfigReader.read(file.toString(), content)
                    : ConfigReader.read(file.toString(), content, node.proxyMode);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--config: " + Wiring.reason(e));
        } catch (ConfigException e) {
            List<String> details = new ArrayList<>(e.problems());
            if (e.problems().stream().anyMatch(problem -> MODE.matcher(problem).lookingAt())) {
                details.add("give another mode with --proxy-mode");
            }
            throw new CommandException(ExitCode.USAGE, "the configuration " + file + " cannot be used", details);
        }
    }

    /**
     * Returns the kubeconfig file that the configuration names; "" if it names none, or if only the running proxy can
     * read it.
     */
    String kubeconfig() {
        return running ? "" : config.clientConnection().kubeconfig();
    }

    /** Returns a note for the user about the source of the configuration; empty if --config names the source. */
    Optional<String> remark() {
        if (source.isEmpty()) {
            return Optional.of(
                    "using the defaults of kube-proxy's configuration, because no configuration of a running proxy"
                            + " was found; give another with --config FILE");
        }
        return running ? Optional.of("using the configuration of " + source) : Optional.empty();
    }
}
