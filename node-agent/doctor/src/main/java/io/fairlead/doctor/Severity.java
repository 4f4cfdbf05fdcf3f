package io.fairlead.doctor;

import java.util.Locale;

/** The severity of a diagnosis. The worst is first. */
public enum Severity {
    /** Services fail, or will certainly fail. */
    ERROR,
    /** Services fail or become slow under a condition that is likely. */
    WARNING,
    /** A fact that an operator wants to know. */
    NOTE;

    /** Returns the name in lower case: "error". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
