package io.fairlead.config.flags;

/** The type of a flag's value, with the name that kube-proxy's {@code --help} shows. */
public enum FlagType {
    /** {@code --flag} or {@code --flag=false}; the next word is never its value. */
    BOOL("bool"),
    /** Any text. */
    STRING("string"),
    /** A comma-separated list, each entry quoted or not. A repeated flag adds to it. */
    STRINGS("strings"),
    /** A 32-bit integer. */
    INT32("int32"),
    /** A verbosity: a number from 0 to 2^31 - 1, in decimal digits only. */
    LEVEL("Level"),
    /** A 32-bit float. */
    FLOAT32("float32"),
    /** A duration as Go writes it: 1m30s. */
    DURATION("duration"),
    /** An address; "" counts as not given. */
    IP("ip"),
    /** An address with or without a port; "" counts as not given. */
    IP_PORT("ipport"),
    /** {@code A=true,B=false}. A repeated flag adds to it. */
    BOOLEANS("mapStringBool"),
    /** {@code pattern=N,...}. A repeated flag adds to it. */
    PATTERNS("pattern=N,..."),
    /** A number of bytes, with or without a unit: 64Ki. */
    QUANTITY("quantity");

    private final String text;

    FlagType(String text) {
        this.text = text;
    }

    /** Returns the name in kube-proxy's help. */
    public String text() {
        return text;
    }

    /** Returns whether a repeated flag adds to the value instead of replacing it. */
    boolean adds() {
        return switch (this) {
            case STRINGS, BOOLEANS, PATTERNS -> true;
            case BOOL, STRING, INT32, LEVEL, FLOAT32, DURATION, IP, IP_PORT, QUANTITY -> false;
        };
    }
}
