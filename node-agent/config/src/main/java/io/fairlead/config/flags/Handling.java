package io.fairlead.config.flags;

import java.util.Locale;

/** The way in which Fairlead handles a flag or configuration field of kube-proxy. */
public enum Handling {
    /** The flag or field has the same effect as in kube-proxy. */
    HONOURED,
    /** The flag or field is accepted but has no effect in Fairlead. If it is set, a message is logged at start. */
    NOTED,
    /** The flag or field is accepted with a warning, because an operator may expect an effect that it does not have. */
    WARNED;

    /** Returns the name in lower case, as in the documentation. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
