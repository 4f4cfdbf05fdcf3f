package io.fairlead.agent.logging;

/** The severity of a log line. */
public enum Severity {
    ERROR('E'),
    WARNING('W'),
    INFO('I');

    private final char letter;

    Severity(char letter) {
        this.letter = letter;
    }

    /** Returns the first letter of a line in text format, as in klog. */
    char letter() {
        return letter;
    }
}
