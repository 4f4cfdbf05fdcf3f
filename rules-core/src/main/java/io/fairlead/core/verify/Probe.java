package io.fairlead.core.verify;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.ServicePortName;

/**
 * A packet that shows whether one frontend is served as expected.
 *
 * @param port the Service port that holds the frontend
 * @param source the kind of the packet's sender
 */
public record Probe(ServicePortName port, Frontend frontend, Source source, Flow flow) {

    /** The kinds of senders that policies distinguish. */
    public enum Source {
        /** A client outside the cluster. If source ranges apply to the frontend, they contain its address. */
        CLIENT("a client outside"),
        /** A client outside the cluster whose address is not in the source ranges of the Service. */
        BARRED_CLIENT("a client outside the source ranges"),
        /** A pod on this node that is not an endpoint. */
        POD("a pod of this node"),
        /** A pod that is itself an endpoint behind the frontend. */
        OWN_ENDPOINT("an endpoint of the Service"),
        /** This node. */
        NODE("the node itself");

        private final String text;

        Source(String text) {
            this.text = text;
        }

        /** Returns the kind as a text for people. */
        public String text() {
            return text;
        }
    }
}
