package io.fairlead.config.flags;

/** The type of a flag's value. Each type has the name that kube-proxy's {@code --help} shows. */
public enum FlagType {
    /** {@code --flag} or {@code --flag=false}; the next word of the command line is never its value. */
    BOOL("bool"),
    /** Any text. */
    STRING("string"),
    /** A comma-separated list. Each entry may be quoted. A repeated flag adds entries to the list. */
    STRINGS("strings"),
    /** A signed 32-bit integer. */
    INT32("int32"),
    /** A verbosity: a number from 0 to 2^31 - 1, in decimal digits only. */
    LEVEL("Level"),
    /** A 32-bit float. */
    FLOAT32("float32"),
    /** A duration in Go's notation: 1m30s. */
    DURATION("duration"),
    /** An IP address; "" counts as not given. */
    IP("ip"),
    /** An IP address with or without a port; "" counts as not given. */
    IP_PORT("ipport"),
    /** A list of names with boolean values: {@code A=true,B=false}. A repeated flag adds entries to the list. */
    BOOLEANS("mapStringBool"),
    /** A list of patterns with numbers: {@code pattern=N,...}. A repeated flag adds entries to the list. */
    PATTERNS("pattern=N,..."),
    /** A number of bytes, with or without a unit: 64Ki. */
    QUANTITY("quantity");

    private final String text;

    FlagType(String text) {
        this.text = text;
    }

    /** Returns the name of the type in kube-proxy's help. */
    public String text() {
        return text;
    }

    /** Returns whether a repeated flag adds entries to the value instead of replacing the value. */
    boolean adds() {
        return switch (this) {
            case STRINGS, BOOLEANS, PATTERNS -> true;
            case BOOL, STRING, INT32, LEVEL, FLOAT32, DURATION, IP, IP_PORT, QUANTITY -> false;
        };
    }
}
