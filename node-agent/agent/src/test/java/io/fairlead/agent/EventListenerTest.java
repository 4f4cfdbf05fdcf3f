package io.fairlead.agent;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.Results;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServedAddresses;
import io.fairlead.core.plan.ServedRanges;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventListenerTest {
    private final List<String> events = new ArrayList<>();
    private final EventListener listener = new EventListener(new EventSink() {
        @Override
        public void node(boolean warning, String reason, String action, String note) {
            throw new AssertionError("no Event about the node is expected");
        }

        @Override
        public void service(ServiceName name, boolean warning, String reason, String action, String note) {
            events.add(name + " " + (warning ? "Warning" : "Normal") + " " + reason + " " + action + ": " + note);
        }
    });

    @Test
    void writesAnEventForEachAddressThatIsNewlyRefused() {
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a")
                .serving(new ServedRanges(
                        new ServedAddresses.Within(List.of(Cidr.parse("198.51.100.0/24"))),
                        new ServedAddresses.All())));
        planner.put(but(service("web", "10.96.0.1"))
                .externalIps("198.51.100.7", "203.0.113.7")
                .done());
        listener.after(Results.planned(planner.update(), false));
        assertThat(events)
                .containsExactly("default/web Warning AddressNotServed Sync: external IP 203.0.113.7 is not served,"
                        + " because --external-ip-ranges allows only: 198.51.100.0/24");

        planner.put(but(service("web", "10.96.0.1"))
                .externalIps("203.0.113.8", "203.0.113.7")
                .done());
        listener.after(Results.planned(planner.update(), false));
        assertThat(events).hasSize(2).last().asString().contains("203.0.113.8");

        planner.remove(new ServiceName("default", "web"));
        listener.after(Results.planned(planner.update(), false));
        assertThat(events).hasSize(2);
    }

    @Test
    void writesAnEventForEachAnnotationThatIsNewlyIgnored() {
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        IgnoredAnnotation ignored = new IgnoredAnnotation(Annotations.BACKENDS, "\"web-v1\"", "it has no weight");
        planner.put(service("web", "10.96.0.1").with(new Annotations(List.of(), List.of(ignored))));
        listener.after(Results.planned(planner.update(), false));
        assertThat(events)
                .containsExactly("default/web Warning AnnotationIgnored Sync: annotation fairlead.io/backends with the"
                        + " value \"web-v1\" is ignored, because it has no weight");

        planner.put(but(service("web", "10.96.0.1").with(new Annotations(List.of(), List.of(ignored))))
                .externalIps("198.51.100.7")
                .done());
        listener.after(Results.planned(planner.update(), false));
        assertThat(events).hasSize(1);
    }
}
