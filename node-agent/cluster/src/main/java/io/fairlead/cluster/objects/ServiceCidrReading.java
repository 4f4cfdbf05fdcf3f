package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks one ServiceCIDR and reduces it to the fields that rules need (NEH-6). */
final class ServiceCidrReading {
    /** The fields that {@link #read} uses. */
    static final FieldMask FIELDS = FieldMask.object(Map.of("spec", FieldMask.whole("cidrs")));

    private final String name;
    private final ServiceCIDR object;
    private final Findings findings;

    ServiceCidrReading(String name, ServiceCIDR object, Findings findings) {
        this.name = name;
        this.object = object;
        this.findings = findings;
    }

    ServiceCidrObject read() {
        List<Cidr> cidrs = new ArrayList<>();
        int index = 0;
        for (String text : Checks.orEmpty(
                object.getSpec() == null ? null : object.getSpec().getCidrs())) {
            String field = "spec.cidrs[" + index++ + "]";
            Checks.cidr(Checks.orEmpty(text))
                    .ifPresentOrElse(
                            cidrs::add,
                            () -> findings.skipped(
                                    field, Checks.notAPrefix(Checks.orEmpty(text)) + "; the entry is skipped"));
        }
        return new ServiceCidrObject(name, cidrs);
    }
}
