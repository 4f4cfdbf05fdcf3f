package io.fairlead.core.verify;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.ServicePortName;

/**
 * A packet that shows whether one frontend is served as it ought to be.
 *
 * @param port the Service port that holds the frontend
 * @param source who sends it
 */
public record Probe(ServicePortName port, Frontend frontend, Source source, Flow flow) {

    /** The kinds of senders that policies tell apart. */
    public enum Source {
        /** Somebody outside the cluster. */
        CLIENT("a client outside"),
        /** Somebody outside whose address is in none of the Service's source ranges. */
        BARRED_CLIENT("a client outside its source ranges"),
        /** A pod of this node that serves nothing. */
        POD("a pod of this node"),
        /** An endpoint of the frontend itself. */
        OWN_ENDPOINT("its own endpoint"),
        /** The node. */
        NODE("the node itself");

        private final String text;

        Source(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }
}
