package io.fairlead.nft.kernel;

import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one place where nft's words are read. nft and libnftables do not call setlocale(), so errors are English whatever
 * the environment (nft 0.9.8 to 1.1.3).
 */
public final class Refusal {
    private static final Pattern ERROR = Pattern.compile("(?m)^[^\\s:]+:(\\d+):\\d+-\\d+: Error: (.*)$");
    private static final String NO_SUCH = "No such file or directory";
    private static final int MOST_LINES = 20;
    private static final Map<String, Kind> KINDS = kinds();

    private Refusal() {}

    /** Whether what was asked for is not there. */
    public static boolean saysMissing(String message) {
        return message.contains(NO_SUCH);
    }

    /**
     * Whether something could not be deleted because something else refers to it, or did until just now (kernels before
     * 6.2).
     */
    public static boolean saysBusy(String message) {
        return message.contains("Device or resource busy");
    }

    /**
     * A refused transaction.
     *
     * @param commands what was refused
     * @param origin whose a line is, counted from 0
     */
    public static ApplyFailedException of(String message, String commands, IntFunction<Origin> origin) {
        List<String> input = commands.lines().toList();
        TreeSet<Origin> origins = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        String first = "";
        Matcher matcher = ERROR.matcher(message);
        while (matcher.find() && lines.size() < MOST_LINES) {
            int line = Integer.parseInt(matcher.group(1)) - 1;
            first = first.isEmpty() ? matcher.group(2) : first;
            if (line >= 0 && line < input.size()) {
                lines.add(input.get(line));
                origins.add(origin.apply(line));
            }
        }
        String reason = first.isEmpty() ? message.lines().findFirst().orElse("no reason given") : first;
        return new ApplyFailedException(
                kind(message), "nft refused the change: " + reason, message, List.copyOf(origins), lines);
    }

    /** A refused listing. */
    public static ApplyFailedException ofListing(String message) {
        String reason = message.lines().findFirst().orElse("no reason given");
        return new ApplyFailedException(
                kind(message), "nft could not list the table: " + reason, message, List.of(), List.of());
    }

    /** nft was ended for its time limit. */
    public static ApplyFailedException timedOut(String doing) {
        return new ApplyFailedException(Kind.TIMED_OUT, "nft took too long: " + doing, "", List.of(), List.of());
    }

    /** There is no nft. */
    public static ApplyFailedException missingTool(RuntimeException cause) {
        ApplyFailedException failure = new ApplyFailedException(
                Kind.MISSING_TOOL, String.valueOf(cause.getMessage()), "", List.of(), List.of());
        failure.initCause(cause);
        return failure;
    }

    private static Kind kind(String message) {
        return KINDS.entrySet().stream()
                .filter(entry -> message.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Kind.REJECTED);
    }

    /** In the order in which they are looked for: the more telling first. */
    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("Operation not permitted", Kind.NOT_PERMITTED);
        kinds.put("Operation not supported", Kind.MISSING_KERNEL_FEATURE);
        kinds.put("Protocol not supported", Kind.MISSING_KERNEL_FEATURE);
        kinds.put("File exists", Kind.EXISTS);
        kinds.put("interval overlaps", Kind.EXISTS);
        kinds.put(NO_SUCH, Kind.NOT_FOUND);
        return kinds;
    }
}
