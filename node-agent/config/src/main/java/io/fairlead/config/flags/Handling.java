package io.fairlead.config.flags;

import java.util.Locale;

/** What becomes of a flag or field of kube-proxy. */
public enum Handling {
    /** Does what it does in kube-proxy. */
    HONOURED,
    /** Accepted; there is nothing here for it to change. Said at start if it is set to something. */
    NOTED,
    /** Accepted, with a warning that names it: somebody may expect something of it that does not happen. */
    WARNED;

    /** Lower case, as the documentation has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
