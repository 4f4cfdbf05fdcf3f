package io.fairlead.cli;

import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import picocli.CommandLine.Option;

/** The options for the layout of the rules that Fairlead writes in iptables mode. */
final class LayoutOptions {
    @Option(
            names = "--iptables-dispatch",
            paramLabel = "HOW",
            defaultValue = "auto",
            description =
                    "How iptables finds the rule of a Service. flat: the rules of all Services one after the other,"
                            + " as with kube-proxy. tree: a tree of chains, by prefixes of the Service address. auto (default): tree if a chain would have more than 128 Service rules, else flat.")
    Dispatch dispatch = Dispatch.auto;

    @Option(
            names = "--iptables-layout",
            paramLabel = "CHAINS",
            defaultValue = "kube-proxy",
            converter = EndpointLayoutConverter.class,
            completionCandidates = EndpointLayoutConverter.Words.class,
            description = "Which endpoints have their own chain in iptables. All endpoints get traffic in both layouts."
                    + " kube-proxy (default): every endpoint. compact, for fewer rules: endpoints of Services with"
                    + " ClientIP affinity, endpoints on this node, and endpoints whose node is not known; the chain of"
                    + " the Service sends packets directly to all others.")
    EndpointLayout layout = EndpointLayout.KUBE_PROXY;

    /** The layouts of the chains that find the Service of a packet. */
    enum Dispatch {
        auto,
        flat,
        tree;

        Layout layout() {
            return switch (this) {
                case auto -> Layout.AUTO;
                case flat -> Layout.FLAT;
                case tree -> Layout.TREE;
            };
        }
    }
}
