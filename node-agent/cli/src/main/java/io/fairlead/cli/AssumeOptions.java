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
                    "Give each Service without a clusterIP an address from this range, as the API server would do. A"
                            + " Service whose type needs node ports also gets node ports. One range, or one range for each family. Every"
                            + " assumed value is printed.")
    List<String> serviceCidrs = new ArrayList<>();

    @Option(
            names = "--assume-endpoints",
            paramLabel = "N",
            defaultValue = "0",
            description = "Give each Service without EndpointSlices this many ready endpoints, in 198.18.0.0/15.")
    int endpoints;
}
