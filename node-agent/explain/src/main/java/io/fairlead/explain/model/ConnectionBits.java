package io.fairlead.explain.model;

import java.util.Locale;

/** The bits of {@code ct state} and {@code ct status}, with nft's numbers. */
public final class ConnectionBits {
    public static final int INVALID = 1;
    public static final int ESTABLISHED = 2;
    public static final int RELATED = 4;
    public static final int NEW = 8;
    public static final int UNTRACKED = 64;

    public static final int SOURCE_TRANSLATED = 0x10;
    public static final int DESTINATION_TRANSLATED = 0x20;

    /** The bits of a status whose value is known for the first packet of a connection. */
    public static final int KNOWN_STATUS = 0x3f;

    private ConnectionBits() {}

    /** Returns the bit for the name of a state; 0 if the name is unknown. */
    public static int state(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "invalid" -> INVALID;
            case "established" -> ESTABLISHED;
            case "related" -> RELATED;
            case "new" -> NEW;
            case "untracked" -> UNTRACKED;
            default -> 0;
        };
    }

    /** Returns the bit for the name of a status; 0 if the name is unknown. */
    public static int status(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "expected" -> 1;
            case "seen-reply", "seen_reply" -> 2;
            case "assured" -> 4;
            case "confirmed" -> 8;
            case "snat" -> SOURCE_TRANSLATED;
            case "dnat" -> DESTINATION_TRANSLATED;
            default -> 0;
        };
    }
}
