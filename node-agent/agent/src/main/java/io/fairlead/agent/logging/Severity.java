package io.fairlead.agent.logging;

/** How bad it is. */
public enum Severity {
    ERROR('E'),
    WARNING('W'),
    INFO('I');

    private final char letter;

    Severity(char letter) {
        this.letter = letter;
    }

    /** As klog begins its lines. */
    char letter() {
        return letter;
    }
}
