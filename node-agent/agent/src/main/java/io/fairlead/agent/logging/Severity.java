package io.fairlead.agent.logging;

/** The severity of a line. */
public enum Severity {
    ERROR('E'),
    WARNING('W'),
    INFO('I');

    private final char letter;

    Severity(char letter) {
        this.letter = letter;
    }

    /** Returns the first letter of the line, as klog writes it. */
    char letter() {
        return letter;
    }
}
