package io.fairlead.explain.dump;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.dump.Dump.Listing;
import io.fairlead.explain.dump.Dump.Save;
import io.fairlead.explain.dump.Dump.Variant;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.ReadException;
import io.fairlead.explain.routing.IpOutput;
import io.fairlead.explain.routing.Routing;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the kernel of a node holds, through the tools that are installed. Nothing is changed. */
public final class LiveDump {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final ProcessRunner runner;
    private final List<String> messages = new ArrayList<>();

    /** A reader that runs programs with {@code runner}. */
    public LiveDump(ProcessRunner runner) {
        this.runner = runner;
    }

    /** Returns the rules, addresses, routes and routing rules, as far as the tools show them. */
    public Dump read() {
        List<Listing> listings = new ArrayList<>();
        run("rules of nftables are not followed", "nft", "-a", "list", "ruleset")
                .ifPresent(text -> listings.add(new Listing(text, Origin.KERNEL)));
        List<Save> saves = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            saves.addAll(saves(family));
        }
        return new Dump(saves, listings, routing(), List.of());
    }

    /** Returns what could not be read and what follows from it, one sentence each, after {@link #read}. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Both variants are read, since a packet passes the rules of both. A missing legacy variant has no rules. */
    private List<Save> saves(IpFamily family) {
        String program = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
        List<Save> saves = new ArrayList<>();
        Optional<String> nft = quietly(program + "-nft-save");
        Optional<String> legacy = quietly(program + "-legacy-save");
        nft.ifPresent(text -> saves.add(new Save(family, Variant.NFT, text, Origin.KERNEL)));
        legacy.ifPresent(text -> saves.add(new Save(family, Variant.LEGACY, text, Origin.KERNEL)));
        if (nft.isEmpty() && legacy.isEmpty()) {
            run("rules of " + program + " are not followed", program + "-save")
                    .ifPresent(text -> saves.add(new Save(
                            family, text.contains("nf_tables") ? Variant.NFT : Variant.LEGACY, text, Origin.KERNEL)));
        }
        return saves;
    }

    private Routing routing() {
        Routing routing = Routing.UNKNOWN;
        List<List<String>> commands = List.of(
                List.of("ip", "-j", "addr"),
                List.of("ip", "-j", "-4", "route", "show", "table", "all"),
                List.of("ip", "-j", "-6", "route", "show", "table", "all"),
                List.of("ip", "-j", "-4", "rule"),
                List.of("ip", "-j", "-6", "rule"));
        for (List<String> command : commands) {
            Optional<String> output = run("the routes of this node are not known", command.toArray(String[]::new));
            if (output.isEmpty()) {
                return routing;
            }
            if (!output.get().isBlank()) {
                try {
                    routing = routing.and(IpOutput.read(output.get()));
                } catch (ReadException e) {
                    messages.add(String.join(" ", command) + ": " + e.getMessage()
                            + "; the routes of this node are not known");
                    return routing;
                }
            }
        }
        return routing;
    }

    private Optional<String> quietly(String... words) {
        try {
            ProcessResult result = runner.run(new Command(List.of(words), List.of(), LONGEST));
            return result.succeeded() ? Optional.of(result.output()) : Optional.empty();
        } catch (ProgramMissingException _) {
            return Optional.empty();
        }
    }

    private Optional<String> run(String consequence, String... words) {
        try {
            ProcessResult result = runner.run(new Command(List.of(words), List.of(), LONGEST));
            if (result.succeeded()) {
                return Optional.of(result.output());
            }
            messages.add(String.join(" ", words) + " failed: "
                    + result.error().strip().lines().findFirst().orElse("no reason given") + "; " + consequence);
        } catch (ProgramMissingException e) {
            messages.add(e.getMessage() + "; " + consequence);
        }
        return Optional.empty();
    }
}
