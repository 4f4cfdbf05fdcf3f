package io.fairlead.nft.kernel;

import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Interprets the error output of nft. Only this class interprets that output. nft does not call setlocale(), so its
 * errors are in English in every environment (nft 0.9.8 to 1.1.3).
 */
public final class Refusal {
    private static final Pattern ERROR = Pattern.compile("(?m)^[^\\s:]+:(\\d+):\\d+-\\d+: Error: (.*)$");
    private static final String NO_SUCH = "No such file or directory";
    private static final int MOST_LINES = 20;
    private static final Map<String, Kind> KINDS = kinds();

    private Refusal() {}

    /** Returns whether the message says that a requested object does not exist. */
    public static boolean saysMissing(String message) {
        return message.contains(NO_SUCH);
    }

    /**
     * Interprets the output of nft for a transaction that was refused.
     *
     * @param message a line such as "/dev/stdin:3:1-20: Error: ..." for each error, followed by the input of nft
     */
    public static Nftables.Answer.Refused read(String message, Transaction transaction) {
        List<Place> places = new ArrayList<>();
        String first = "";
        Matcher matcher = ERROR.matcher(message);
        while (matcher.find() && places.size() < MOST_LINES) {
            first = first.isEmpty() ? matcher.group(2) : first;
            transaction.at(Integer.parseInt(matcher.group(1)) - 1).ifPresent(places::add);
        }
        String reason = first.isEmpty() ? message.lines().findFirst().orElse("no reason given") : first;
        return new Nftables.Answer.Refused(
                kind(message),
                message.contains("Device or resource busy"),
                "nft refused the change: " + reason,
                message,
                places);
    }

    /** Returns the exception for a refused transaction. */
    public static ApplyFailedException of(Nftables.Answer.Refused refused) {
        List<Origin> origins =
                refused.places().stream().map(Place::origin).sorted().distinct().toList();
        List<String> lines = refused.places().stream().map(Place::line).toList();
        return new ApplyFailedException(refused.kind(), refused.message(), refused.output(), origins, lines);
    }

    /** Returns the exception for a failed {@code nft list}. */
    public static ApplyFailedException ofListing(String message) {
        String reason = message.lines().findFirst().orElse("no reason given");
        return new ApplyFailedException(
                kind(message), "nft cannot list the table: " + reason, message, List.of(), List.of());
    }

    /**
     * Returns the exception for a call of nft that was stopped at its time limit.
     *
     * @param doing the action of the call, for people
     */
    public static ApplyFailedException timedOut(String doing) {
        return new ApplyFailedException(Kind.TIMED_OUT, "nft timed out: " + doing, "", List.of(), List.of());
    }

    /** Returns the exception that reports that nft is not installed. */
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

    /**
     * Returns the known error messages and their kinds, in the order in which they are searched: the most specific
     * message is first.
     */
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
