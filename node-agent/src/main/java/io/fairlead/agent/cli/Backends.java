package io.fairlead.agent.cli;

import io.fairlead.core.backend.Backend;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.process.ProcessRunner;

/** Which backend serves which mode. */
final class Backends {

    private Backends() {}

    @SuppressWarnings("DoNotCallSuggester")
    static Backend<?, ?> open(ProxyMode mode, ProcessRunner processes) {
        throw new CommandException(
                ExitCode.USAGE, "no backend for " + mode.text() + " is built in (" + processes + ")");
    }
}
