package io.fairlead.config.flags;

/** What the value of a flag looks like, by the name that kube-proxy's {@code --help} has for it. */
public enum FlagType {
    /** {@code --flag}, {@code --flag=false}; never the word that follows. */
    BOOL("bool"),
    /** Any text. */
    STRING("string"),
    /** A list with commas, each entry with or without quotes; a flag that is given again adds to it. */
    STRINGS("strings"),
    /** A whole number of 32 bits. */
    INT32("int32"),
    /** A verbosity: a whole number of 31 bits, in decimal digits alone. */
    LEVEL("Level"),
    /** A number of 32 bits. */
    FLOAT32("float32"),
    /** As Go writes durations: 1m30s. */
    DURATION("duration"),
    /** An address; "" is as if the flag were not given. */
    IP("ip"),
    /** An address with or without a port; "" is as if the flag were not given. */
    IP_PORT("ipport"),
    /** {@code A=true,B=false}; a flag that is given again adds to it. */
    BOOLEANS("mapStringBool"),
    /** {@code pattern=N,...}; a flag that is given again adds to it. */
    PATTERNS("pattern=N,..."),
    /** A number of bytes, with or without a unit: 64Ki. */
    QUANTITY("quantity");

    private final String text;

    FlagType(String text) {
        this.text = text;
    }

    /** As in kube-proxy's help. */
    public String text() {
        return text;
    }

    /** Whether a second flag adds to the first instead of replacing it. */
    boolean adds() {
        return switch (this) {
            case STRINGS, BOOLEANS, PATTERNS -> true;
            case BOOL, STRING, INT32, LEVEL, FLOAT32, DURATION, IP, IP_PORT, QUANTITY -> false;
        };
    }
}
