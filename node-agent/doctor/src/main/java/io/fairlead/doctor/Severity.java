package io.fairlead.doctor;

import java.util.Locale;

/** How bad a diagnosis is. */
public enum Severity {
    /** Services fail, or will certainly fail. */
    ERROR,
    /** Services fail or become slow under a condition that is likely. */
    WARNING,
    /** A fact that an operator wants to know. */
    NOTE;

    /** Returns the text for people: "error". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
