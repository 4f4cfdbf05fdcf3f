package io.fairlead.nftables.write;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes from dumps what different versions of nft store differently for the same text, although they list the same
 * text:
 *
 * <ul>
 * <li>nft 1.1.7 stores its version and the time of its build in each table that it creates.
 * <li>For a key or data that is declared with "type", nft 1.1.3 and 1.1.7 store the source "integer" without a value.
 *   nft 1.0.6 stores a source only for a concatenation: a concatenation without parts.
 * <li>nft 1.1.3 and 1.1.7 declare no size for anonymous sets.
 * </ul>
 */
final class Normal {
    private static final Pattern TABLE_DATA = Pattern.compile("(?<= 6=)[0-9a-f]+$");
    private static final Pattern SET_DATA = Pattern.compile("(?<= 13=)[0-9a-f]+");
    private static final Set<Integer> VERSION_AND_BUILD = Set.of(1, 2);
    private static final Set<Integer> SOURCES = Set.of(UserData.SET_KEY_TYPEOF, UserData.SET_DATA_TYPEOF);
    /** The end of an expression without a value, in hexadecimal. */
    private static final String NO_VALUE = "0100";

    private Normal() {}

    static List<String> of(List<String> dump) {
        return dump.stream().map(Normal::of).toList();
    }

    private static String of(String line) {
        return switch (line.substring(0, line.indexOf(' '))) {
            case "table" ->
                TABLE_DATA
                        .matcher(line)
                        .replaceAll(data -> without(data.group(), VERSION_AND_BUILD, ""))
                        .replaceAll(" 6=$", "");
            case "set" -> {
                Matcher data = SET_DATA.matcher(line);
                String normal = data.replaceAll(found -> without(found.group(), SOURCES, NO_VALUE));
                yield line.contains(" 2=__set") ? normal.replaceAll(" 9=[0-9a-f]*", "") : normal;
            }
            default -> line;
        };
    }

    /** Returns user data without those pieces of the given types whose values end with {@code end}. */
    private static String without(String hex, Set<Integer> types, String end) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        StringBuilder rest = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 2 + bytes[at + 1]) {
            String piece = HexFormat.of().formatHex(bytes, at, at + 2 + bytes[at + 1]);
            if (!types.contains((int) bytes[at]) || !piece.endsWith(end)) {
                rest.append(piece);
            }
        }
        return rest.toString();
    }
}
