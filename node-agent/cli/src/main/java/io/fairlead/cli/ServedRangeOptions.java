package io.fairlead.cli;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.ServedAddresses;
import io.fairlead.core.plan.ServedRanges;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that limit the addresses on which Services are served. */
final class ServedRangeOptions {
    private static final String EXTERNAL = "--external-ip-ranges";
    private static final String LOAD_BALANCER = "--load-balancer-ip-ranges";

    @Option(
            names = EXTERNAL,
            paramLabel = "CIDR",
            split = ",",
            description =
                    "Serve only external IPs (spec.externalIPs) in these ranges; \"\" for none. Each other external IP gets"
                            + " no rules and is reported in an Event on its Service. Default: all, as with kube-proxy.")
    @Nullable
    List<String> externalIps;

    @Option(
            names = LOAD_BALANCER,
            paramLabel = "CIDR",
            split = ",",
            description = "Serve only load balancer IPs (status.loadBalancer.ingress) in these ranges; \"\" for none."
                    + " Each other load balancer IP gets no rules and is reported in an Event on its Service. Default:"
                    + " all, as with kube-proxy.")
    @Nullable
    List<String> loadBalancerIps;

    /**
     * Returns the ranges.
     *
     * @throws CommandException if a range is wrong
     */
    ServedRanges read() {
        return new ServedRanges(addresses(EXTERNAL, externalIps), addresses(LOAD_BALANCER, loadBalancerIps));
    }

    private static ServedAddresses addresses(String option, @Nullable List<String> texts) {
        if (texts == null) {
            return new ServedAddresses.All();
        }
        List<Cidr> ranges = new ArrayList<>();
        for (String text : texts) {
            if (!text.isBlank()) {
                try {
                    ranges.add(Cidr.parse(text.strip()));
                } catch (IllegalArgumentException e) {
                    throw new CommandException(ExitCode.USAGE, option + ": " + e.getMessage());
                }
            }
        }
        return new ServedAddresses.Within(ranges);
    }
}
