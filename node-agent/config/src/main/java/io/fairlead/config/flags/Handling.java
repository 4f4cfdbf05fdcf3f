package io.fairlead.config.flags;

import java.util.Locale;

/** How Fairlead handles a flag or field of kube-proxy. */
public enum Handling {
    /** It has the same effect as in kube-proxy. */
    HONOURED,
    /** It is accepted, and there is nothing in Fairlead that it changes. */
    NOTED,
    /** It is accepted and a warning names it, because an operator may expect an effect that it does not have. */
    WARNED;

    /** Returns the name in lower case, as in the documentation. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
