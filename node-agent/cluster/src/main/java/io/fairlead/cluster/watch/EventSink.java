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

    /** Writes an Event about this node (EVT-1, EVT-2). */
    void node(boolean warning, String reason, String action, String note);

    /** Writes an Event about a Service (EVT-3). */
    void service(ServiceName name, boolean warning, String reason, String action, String note);
}
