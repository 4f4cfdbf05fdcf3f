package io.fairlead.cli;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Conflict;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.RefusedAddress;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.core.plan.Split;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts a plan to a tree for JSON and YAML output: the Services with their addresses and endpoints, and the reasons
 * why some Services have no rules.
 */
final class PlanTree {

    private PlanTree() {}

    static Map<String, @Nullable Object> of(Plan plan) {
        return Json.object(
                "mode",
                plan.mode().text(),
                "node",
                Json.object("IPv4", node(plan.node(IpFamily.IPV4)), "IPv6", node(plan.node(IpFamily.IPV6))),
                "services",
                plan.services().values().stream().map(PlanTree::service).toList());
    }

    private static Map<String, @Nullable Object> node(NodePlan node) {
        return Json.object(
                "podTraffic",
                detector(node.detector()),
                "nodePortAddresses",
                nodePorts(node.nodePortAddresses()),
                "masqueradeMark",
                node.markText(),
                "masqueradeAll",
                node.masqueradeAll(),
                "localhostNodePorts",
                node.localhostNodePorts(),
                "serviceCIDRs",
                texts(node.serviceCidrs()),
                "dropInvalid",
                node.dropInvalid());
    }

    private static String detector(LocalDetector detector) {
        return switch (detector) {
            case LocalDetector.None _ -> "unknown";
            case LocalDetector.SourceCidr(Cidr cidr) -> "source " + cidr;
            case LocalDetector.Interface(InterfaceName name) -> "interface " + name;
            case LocalDetector.InterfacePrefix(InterfaceName prefix) -> "interface " + prefix + "*";
        };
    }

    private static Object nodePorts(NodePortAddresses addresses) {
        return switch (addresses) {
            case NodePortAddresses.AnyLocal(boolean loopback) ->
                loopback ? "every local address" : "every local address but loopback";
            case NodePortAddresses.Only(List<Ip> ips) -> texts(ips);
        };
    }

    private static Map<String, @Nullable Object> service(ServicePlan service) {
        Map<String, @Nullable Object> tree = Json.object(
                "namespace", service.name().namespace(), "name", service.name().name());
        if (service.noRules() != null) {
            tree.put("noRules", service.noRules().reason());
        }
        if (!service.conflicts().isEmpty()) {
            tree.put(
                    "conflicts",
                    service.conflicts().stream().map(Conflict::text).toList());
        }
        if (!service.refused().isEmpty()) {
            tree.put(
                    "refused",
                    service.refused().stream().map(RefusedAddress::text).toList());
        }
        if (!service.ignored().isEmpty()) {
            tree.put(
                    "ignoredAnnotations",
                    service.ignored().stream().map(IgnoredAnnotation::text).toList());
        }
        tree.put("ports", service.ports().stream().map(PlanTree::port).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> port(PortPlan port) {
        Map<String, @Nullable Object> tree = Json.object(
                "name",
                port.name().port(),
                "protocol",
                port.name().protocol().text(),
                "family",
                port.family().text(),
                "frontends",
                port.frontends().stream()
                        .map(frontend -> frontend(port, frontend))
                        .toList(),
                "clusterEndpoints",
                port.clusterEndpoints().stream().map(PlanTree::endpoint).toList(),
                "localEndpoints",
                port.localEndpoints().stream().map(PlanTree::endpoint).toList(),
                "internalTrafficPolicy",
                lower(port.internal()),
                "externalTrafficPolicy",
                lower(port.external()),
                "affinitySeconds",
                port.affinity() instanceof Affinity.ClientIp(int seconds) ? seconds : null,
                "sourceRanges",
                texts(port.allowedSources().ranges()),
                "healthCheckNodePort",
                port.healthCheckNodePort() == 0 ? null : port.healthCheckNodePort());
        if (!port.split().equals(Split.NONE)) {
            tree.put("clusterSplit", shares(port.split().cluster()));
            tree.put("localSplit", shares(port.split().local()));
        }
        return tree;
    }

    private static List<Map<String, @Nullable Object>> shares(List<Split.Share> shares) {
        return shares.stream()
                .map(share -> Json.object(
                        "backend", share.backend(), "weight", share.weight(), "endpoints", texts(share.endpoints())))
                .toList();
    }

    private static Map<String, @Nullable Object> frontend(PortPlan port, Frontend frontend) {
        return Json.object(
                "address",
                frontend.text(),
                "disposition",
                lower(port.disposition(frontend)),
                "sourceRangesApply",
                port.firewalled(frontend));
    }

    private static Map<String, @Nullable Object> endpoint(Endpoint endpoint) {
        return Json.object("address", endpoint.text(), "local", endpoint.local());
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
