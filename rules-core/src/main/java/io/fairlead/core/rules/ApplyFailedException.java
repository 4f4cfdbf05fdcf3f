package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown if the kernel, or the program that writes rules (iptables-restore or nft), refused a change, or if the rules
 * cannot be read. {@link KernelRules#apply} says which parts of a change may be in force.
 */
public final class ApplyFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * The reason for the failure, as far as the output of the program shows it. "Tool" means the program that failed:
     * one of the iptables programs, or nft.
     */
    public enum Kind {
        /** Another program holds the xtables lock of iptables. */
        LOCKED,
        /** The kernel or the tool does not support a match, target or expression. */
        MISSING_KERNEL_FEATURE,
        /** A chain, set, element or rule that the change deletes does not exist, because another program deleted it. */
        NOT_FOUND,
        /** An object that the change creates already exists, because another program created it. */
        EXISTS,
        /** Fairlead has no permission: the capability CAP_NET_ADMIN is missing. */
        NOT_PERMITTED,
        /** The tool failed for another reason. */
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
     * Creates the exception for a refused change, or for rules that cannot be read.
     *
     * @param kind the reason
     * @param message one sentence for an operator
     * @param toolOutput the whole output of the tool; "" if there is none
     * @param atFault the origins of the refused rules; empty if unknown
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

    /**
     * Returns one exception for the failures of several kernel tables, which fail independently of each other. Its kind
     * is the kind of the first failure.
     */
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

    /** Returns the reason. */
    public Kind kind() {
        return kind;
    }

    /** Returns the output of the tool. */
    public String toolOutput() {
        return toolOutput;
    }

    /** Returns the origins of the refused rules; empty if unknown. */
    public List<Origin> atFault() {
        return atFault;
    }

    /** Returns the refused rules as the tool received them; empty if unknown. */
    public List<String> linesAtFault() {
        return linesAtFault;
    }
}
