package io.fairlead.cli;

import io.fairlead.agent.Agent;
import io.fairlead.agent.AgentEndedException;
import io.fairlead.agent.AgentEnvironment;
import io.fairlead.agent.NodePreparation;
import io.fairlead.agent.Site;
import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.logging.LogWriter;
import io.fairlead.agent.serve.BindFailedException;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.cluster.watch.ApiServerException;
import io.fairlead.config.ConfigFileWatch;
import io.fairlead.config.FeatureGates;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.KubeProxyFlag;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.ui.UiSite;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/** Runs {@code fairlead agent} after the options and the configuration were read. */
record AgentRun(
        Surroundings surroundings,
        AgentCommand command,
        FlagValues flags,
        AgentConfig given,
        Wiring wiring,
        LogWriter log) {
    private static final Logger LOG = AgentLog.LOG;
    private static final Duration CONFIG_POLL = Duration.ofSeconds(2);

    /**
     * Runs the command and returns its exit status. Flags that replace the normal run, such as {@code --cleanup}, have
     * the same precedence as in kube-proxy.
     */
    int run() throws IOException {
        if (!flags.text(KubeProxyFlag.WRITE_CONFIG_TO).isEmpty()) {
            Path file = Path.of(flags.text(KubeProxyFlag.WRITE_CONFIG_TO));
            Files.writeString(file, given.config().written().yaml());
            LOG.info("wrote configuration to {}", file);
            return ExitCode.OK;
        }
        if (flags.isOn(KubeProxyFlag.CLEANUP)) {
            return cleanUp();
        }
        if (flags.isOn(KubeProxyFlag.INIT_ONLY)) {
            return initialise();
        }
        return follow(open());
    }

    private Dialect<?, ?> open() {
        Dialect<?, ?> dialect = wiring.dialect();
        NodeRights.check(surroundings.capabilities().get(), dialect);
        dialect.requireVersions(nftAccess());
        return dialect;
    }

    /**
     * Removes the rules of both modes and returns the exit status (CLN-1). It is not a failure if there are no rules.
     */
    private int cleanUp() {
        int exitCode = ExitCode.OK;
        for (Dialect.Place place : RuleRemoval.places(wiring, List.of(ProxyMode.values()))) {
            RuleRemoval.Outcome outcome = RuleRemoval.run(place.backend(), _ -> {}, false);
            RuleRemoval.log(place.name(), outcome);
            exitCode = switch (outcome) {
                case RuleRemoval.Outcome.Nothing _, RuleRemoval.Outcome.Found _ -> exitCode;
                case RuleRemoval.Outcome.Partly _, RuleRemoval.Outcome.Failed _ -> ExitCode.KERNEL;
            };
        }
        return exitCode;
    }

    /** Writes the settings of the node that need privileges (CLN-8). */
    private int initialise() {
        NodePreparation preparation = new NodePreparation(given.config(), wiring.mode(), new NodeSetup());
        try {
            return preparation.prepare() ? ExitCode.OK : ExitCode.ENDED;
        } catch (AgentEndedException e) {
            throw new CommandException(ExitCode.ENDED, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns how nftables rules are written. If the option {@code --nft} is not given, kube-proxy's feature gate
     * decides.
     */
    private NftAccess nftAccess() {
        boolean netlink = wiring.config().featureGates().isOn(FeatureGates.NETLINK);
        return command.nft != null ? command.nft : netlink ? NftAccess.netlink : NftAccess.program;
    }

    private <R extends Ruleset, C extends Change> int follow(Dialect<R, C> dialect) throws IOException {
        UiSite page =
                command.ui ? AgentPage.of(surroundings, command, wiring, command.wiring(given, nftAccess())) : null;
        AgentEnvironment<R, C> environment = new AgentEnvironment<>(
                wiring.isHere() ? new NodeSetup() : null,
                page == null ? dialect.watched(nftAccess()) : page.recorded(dialect.watched(nftAccess())),
                dialect::hasRulesOf,
                wiring::addresses,
                dialect.counted(),
                () -> afterFirstRound(dialect),
                log::verbosity,
                () -> FlagPage.text(flags),
                page == null ? Site.NONE : page,
                surroundings.time());
        AtomicBoolean changed = new AtomicBoolean();
        try (Agent<R, C> agent = new Agent<>(command.settings(flags, wiring), environment);
                Closeable _ = watchConfig(changed, agent::stop);
                StopSignal _ = new StopSignal(Thread.currentThread(), agent)) {
            agent.run();
            if (!changed.get()) {
                // The line is logged now, while the signal is still handled. Later, the process may end before the line
                // is written.
                LOG.info("stopped; rules are kept");
            }
        } catch (ApiServerException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        } catch (BindFailedException | AgentEndedException e) {
            throw new CommandException(ExitCode.ENDED, String.valueOf(e.getMessage()));
        }
        if (changed.get()) {
            LOG.error("configuration file changed; exiting, to be started again with the new content (rules are kept)");
            return ExitCode.ENDED;
        }
        return ExitCode.OK;
    }

    /** Watches the configuration file. If it changes, the agent is stopped (CFG-10). */
    private Closeable watchConfig(AtomicBoolean changed, Runnable stop) {
        if (given.file() == null) {
            return () -> {};
        }
        return ConfigFileWatch.start(given.file(), given.content(), CONFIG_POLL, () -> {
            changed.set(true);
            stop.run();
        });
    }

    private void afterFirstRound(Dialect<?, ?> dialect) {
        ProxyMode other = wiring.mode() == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
        wiring.dialect(other).places().forEach(place -> removeLeftovers(place, "a proxy in " + place.name() + " mode"));
        dialect.otherPlaces().forEach(place -> removeLeftovers(place, "a proxy with " + place.name()));
        dialect.remarks().forEach(LOG::info);
    }

    /**
     * Removes rules of another mode or variant that a proxy has left (CLN-2). If they stayed, a packet would be
     * translated by the rules that it reaches first. A failure is only logged.
     */
    private static void removeLeftovers(Dialect.Place place, String owner) {
        switch (RuleRemoval.run(place.backend(), _ -> {}, false)) {
            case RuleRemoval.Outcome.Nothing _ -> {
                // There are usually no such rules.
            }
            case RuleRemoval.Outcome.Found(long lines) ->
                LOG.warn(
                        "removed {} lines of rules that {} had left; if that proxy still runs on this node, stop it",
                        lines,
                        owner);
            case RuleRemoval.Outcome.Partly(long lines, List<String> leftovers) ->
                LOG.warn(
                        "removed {} lines of rules that {} had left; cannot remove: {}",
                        lines,
                        owner,
                        String.join("; ", leftovers));
            case RuleRemoval.Outcome.Failed(String message) ->
                LOG.warn("cannot remove rules left by {}: {}", owner, message);
        }
    }
}
