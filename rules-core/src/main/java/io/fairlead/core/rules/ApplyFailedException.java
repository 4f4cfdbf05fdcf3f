package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** The kernel, or the tool in front of it, refused a change. What had been applied of it, if anything, was put back. */
public final class ApplyFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Why a change was refused, as far as the tool's words tell. */
    public enum Kind {
        /** Another program holds the lock (iptables' xtables lock). */
        LOCKED,
        /** The kernel or tool has no such match, target or expression. */
        MISSING_KERNEL_FEATURE,
        /** A chain, set, element or rule to delete was not there: somebody else changed it. */
        NOT_FOUND,
        /** An object to create was there already: somebody else changed it. */
        EXISTS,
        /** No permission (CAP_NET_ADMIN is missing). */
        NOT_PERMITTED,
        /** The tool said no for another reason. */
        REJECTED,
        /** The tool did not end within its time limit. */
        TIMED_OUT,
        /** The tool is not installed. */
        MISSING_TOOL
    }

    private final Kind kind;
    private final String toolOutput;
    private final transient List<Origin> atFault;
    private final transient List<String> linesAtFault;

    /**
     * A refused change.
     *
     * @param kind why
     * @param message one sentence for an operator
     * @param toolOutput what the tool printed, whole
     * @param atFault where the refused rules come from; empty if unknown
     * @param linesAtFault the refused rules as text; empty if unknown
     */
    public ApplyFailedException(
            Kind kind, String message, String toolOutput, List<Origin> atFault, List<String> linesAtFault) {
        super(
                atFault.isEmpty()
                        ? message
                        : message + " (rules of "
                                + atFault.stream().map(Origin::text).collect(Collectors.joining(", ")) + ")");
        this.kind = kind;
        this.toolOutput = toolOutput;
        this.atFault = List.copyOf(atFault);
        this.linesAtFault = List.copyOf(linesAtFault);
    }

    /** Several of the kernel's tables were refused, independently of each other; the kind is the first one's. */
    public static ApplyFailedException joined(List<ApplyFailedException> several) {
        return several.size() == 1 ? several.getFirst() : new ApplyFailedException(several);
    }

    private ApplyFailedException(List<ApplyFailedException> several) {
        super(several.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")));
        this.kind = several.getFirst().kind;
        this.toolOutput = several.stream().map(each -> each.toolOutput).collect(Collectors.joining("\n"));
        this.atFault = several.stream()
                .flatMap(each -> each.atFault.stream())
                .distinct()
                .toList();
        this.linesAtFault =
                several.stream().flatMap(each -> each.linesAtFault.stream()).toList();
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }

    /** What the tool printed. */
    public String toolOutput() {
        return toolOutput;
    }

    /** The Services whose rules were refused; empty if unknown. */
    public List<Origin> atFault() {
        return atFault;
    }

    /** The refused rules as the tool got them; empty if unknown. */
    public List<String> linesAtFault() {
        return linesAtFault;
    }
}
