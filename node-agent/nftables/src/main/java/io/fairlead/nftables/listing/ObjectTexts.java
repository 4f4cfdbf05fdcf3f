package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.nftables.read.Fields;

/**
 * Writes expressions that do not depend on other expressions of their rule: counters, logs, limits, and references to
 * objects.
 */
final class ObjectTexts {
    private static final String[] LEVELS = {"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug", "audit"
    };
    private static final int USUAL_LEVEL = 4;
    private static final int USUAL_BURST = 5;
    private static final int KILO = 1_024;
    private static final String[] SIZES = {"bytes", "kbytes", "mbytes"};

    private ObjectTexts() {}

    /** Returns nft's word for a type of objects. */
    static String kind(int type, Tally tally) {
        return switch (type) {
            case NFT_OBJECT_COUNTER -> "counter";
            case NFT_OBJECT_QUOTA -> "quota";
            case NFT_OBJECT_CT_HELPER -> "ct helper";
            case NFT_OBJECT_LIMIT -> "limit";
            case NFT_OBJECT_TUNNEL -> "tunnel";
            case NFT_OBJECT_CT_TIMEOUT -> "ct timeout";
            case NFT_OBJECT_SECMARK -> "secmark";
            case NFT_OBJECT_CT_EXPECT -> "ct expectation";
            case NFT_OBJECT_SYNPROXY -> "synproxy";
            default -> tally.unknown("object-" + type);
        };
    }

    /** Returns the beginning of a reference to an object of a type, for example "ct helper set". */
    static String reference(int type, Tally tally) {
        return switch (type) {
            case NFT_OBJECT_CT_HELPER, NFT_OBJECT_CT_TIMEOUT, NFT_OBJECT_CT_EXPECT -> kind(type, tally) + " set";
            case NFT_OBJECT_SECMARK -> "meta secmark set";
            case NFT_OBJECT_TUNNEL -> "tunnel name";
            default ->
                kind(type, tally)
                        + (type == NFT_OBJECT_COUNTER
                                        || type == NFT_OBJECT_QUOTA
                                        || type == NFT_OBJECT_LIMIT
                                        || type == NFT_OBJECT_SYNPROXY
                                ? " name"
                                : "");
        };
    }

    static String counter(Fields fields) {
        return "counter packets " + Long.toUnsignedString(fields.longOr(2, 0)) + " bytes "
                + Long.toUnsignedString(fields.longOr(1, 0));
    }

    static String log(Fields fields) {
        StringBuilder text = new StringBuilder("log");
        if (fields.has(2)) {
            text.append(" prefix ").append(Words.quoted(fields.string(2)));
        }
        if (fields.has(1)) {
            text.append(" group ").append(fields.shortOr(1, 0));
            text.append(fields.numberOr(3, 0) == 0 ? "" : " snaplen " + fields.numberOr(3, 0));
            text.append(fields.shortOr(4, 0) == 0 ? "" : " queue-threshold " + fields.shortOr(4, 0));
        }
        int level = fields.numberOr(5, USUAL_LEVEL);
        if (level != USUAL_LEVEL && level >= 0 && level < LEVELS.length) {
            text.append(" level ").append(LEVELS[level]);
        }
        return text.append(flagsOfLog(fields.numberOr(6, 0))).toString();
    }

    private static String flagsOfLog(int flags) {
        if ((flags & 0x2f) == 0) {
            return "";
        }
        if ((flags & 0x2f) == 0x2f) {
            return " flags all";
        }
        String tcp = (flags & 3) == 0
                ? ""
                : " flags tcp " + ((flags & 1) == 0 ? "options" : (flags & 2) == 0 ? "sequence" : "sequence,options");
        return tcp
                + ((flags & 4) == 0 ? "" : " flags ip options")
                + ((flags & 8) == 0 ? "" : " flags skuid")
                + ((flags & 0x20) == 0 ? "" : " flags ether");
    }

    static String limit(Fields fields) {
        long rate = fields.longOr(1, 0);
        int burst = fields.numberOr(3, 0);
        String over = (fields.numberOr(5, 0) & 1) == 0 ? "" : "over ";
        String unit = unit(fields.longOr(2, 0));
        if (fields.numberOr(4, 0) == 0) {
            return "limit rate " + over + rate + "/" + unit
                    + (burst == 0 || burst == USUAL_BURST ? "" : " burst " + burst + " packets");
        }
        return "limit rate " + over + size(rate) + "/" + unit + (burst == 0 ? "" : " burst " + size(burst));
    }

    private static String unit(long seconds) {
        return switch ((int) seconds) {
            case 1 -> "second";
            case 60 -> "minute";
            case 3_600 -> "hour";
            case 86_400 -> "day";
            case 604_800 -> "week";
            default -> seconds + "s";
        };
    }

    private static String size(long bytes) {
        long rest = bytes;
        int unit = 0;
        while (rest != 0 && rest % KILO == 0 && unit < SIZES.length - 1) {
            rest /= KILO;
            unit++;
        }
        return rest + " " + SIZES[unit];
    }

    static String quota(Fields fields) {
        long used = fields.longOr(4, 0);
        return "quota " + ((fields.numberOr(2, 0) & 1) == 0 ? "" : "over ") + size(fields.longOr(1, 0))
                + (used == 0 ? "" : " used " + size(used));
    }

    static String connections(Fields fields) {
        return "ct count " + ((fields.numberOr(2, 0) & 1) == 0 ? "" : "over ") + fields.number(1);
    }

    static String last(Fields fields) {
        return fields.numberOr(1, 0) == 0 ? "last used never" : "last used " + Words.duration(fields.longOr(2, 0));
    }

    static String synproxy(Fields fields) {
        int flags = fields.numberOr(3, 0);
        return "synproxy"
                + ((flags & 1) == 0 ? "" : " mss " + fields.shortOr(1, 0))
                + ((flags & 2) == 0 ? "" : " wscale " + fields.byteOr(2, 0))
                + ((flags & 8) == 0 ? "" : " timestamp")
                + ((flags & 4) == 0 ? "" : " sack-perm");
    }
}
