package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for values that the API server would add to the objects in manifests. */
final class AssumeOptions {
    @Option(
            names = "--assume-service-cidr",
            paramLabel = "CIDR",
            split = ",",
            description =
                    "For manifests that were never in a cluster: give each Service without the field clusterIP an address"
                            + " from this range, and node ports if its type needs them, as the API server would do. One"
                            + " range, or one range for each family. Assumed values are printed to standard error.")
    List<String> serviceCidrs = new ArrayList<>();

    @Option(
            names = "--assume-endpoints",
            paramLabel = "N",
            defaultValue = "0",
            description = "Give each Service without EndpointSlices this many ready IPv4 endpoints in"
                    + " 198.18.0.0/15, without a nodeName, so that none is on this node. Default: 0.")
    int endpoints;
}
