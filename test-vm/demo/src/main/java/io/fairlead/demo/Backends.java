package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.linux.process.ProcessRunner;

/** Opens the backend that writes the rules of the demo's node. */
public interface Backends {
    /**
     * Returns the backend for a mode.
     *
     * @param runner runs commands in the node's network namespace
     * @param namespace the name of this namespace, for rules that are not written by commands
     */
    Backend<?, ?> open(ProxyMode mode, ProcessRunner runner, String namespace);
}
