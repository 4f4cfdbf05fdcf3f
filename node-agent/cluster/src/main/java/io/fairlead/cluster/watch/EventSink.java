package io.fairlead.cluster.watch;

import io.fairlead.core.cluster.ServiceName;

/** Where Events go. Calls return at once. */
public interface EventSink {

    /** Drops everything: where there is no API server, or nothing may be written. */
    EventSink NONE = new EventSink() {
        @Override
        public void node(boolean warning, String reason, String action, String note) {}

        @Override
        public void service(ServiceName name, boolean warning, String reason, String action, String note) {}
    };

    /** About this node (EVT-1, EVT-2). */
    void node(boolean warning, String reason, String action, String note);

    /** About a Service (EVT-3). */
    void service(ServiceName name, boolean warning, String reason, String action, String note);
}
