package io.fairlead.cluster.watch;

import io.fairlead.core.cluster.ServiceName;

/** The receiver of Kubernetes Events. Calls return without waiting for the API server. */
public interface EventSink {

    /** Discards all Events. It is used if there is no API server, or if nothing may be written. */
    EventSink NONE = new EventSink() {
        @Override
        public void node(boolean warning, String reason, String action, String note) {}

        @Override
        public void service(ServiceName name, boolean warning, String reason, String action, String note) {}
    };

    /**
     * Writes an Event about this node (EVT-1, EVT-2).
     *
     * @param warning whether the type of the Event is Warning; otherwise it is Normal
     * @param reason the reason, one word in camel case: "Starting"
     * @param action the action that was performed or failed, one word in camel case: "StartKubeProxy"
     * @param note the text for users
     */
    void node(boolean warning, String reason, String action, String note);

    /** Writes an Event about a Service (EVT-3). The parameters have the same meaning as for {@link #node}. */
    void service(ServiceName name, boolean warning, String reason, String action, String note);
}
