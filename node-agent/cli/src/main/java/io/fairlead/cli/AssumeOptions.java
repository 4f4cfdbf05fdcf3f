package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the API server would add to objects in manifests. */
final class AssumeOptions {
    @Option(
            names = "--assume-service-cidr",
            paramLabel = "CIDR",
            split = ",",
            description =
                    "Give each Service without a clusterIP an address of this range, and node ports where its type has some,"
                            + " as the API server would. One range, or one of each family. Every assumption is printed.")
    List<String> serviceCidrs = new ArrayList<>();

    @Option(
            names = "--assume-endpoints",
            paramLabel = "N",
            defaultValue = "0",
            description = "Give each Service without EndpointSlices this many ready endpoints, in 198.18.0.0/15.")
    int endpoints;
}
