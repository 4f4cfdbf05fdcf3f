package io.fairlead.ui;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.verify.Verification;
import java.util.List;
import java.util.function.Predicate;

/** Answers about the kernel's rules. An answer reads the rules of all programs on the node, so it may need seconds. */
public interface Questions {

    /**
     * The way of a packet.
     *
     * @param answer what the kernel's rules do
     * @param expected what the plan requires
     * @param notes sentences about rules that could not be read
     */
    record Traced(Answer answer, Outcome expected, List<String> notes) {}

    /**
     * A verification of Services.
     *
     * @param causes the findings, grouped by their cause
     * @param notes sentences about rules that could not be read
     */
    record Verified(Verification verification, List<Cause> causes, List<String> notes) {}

    /**
     * Findings with the same cause.
     *
     * @param text the cause; "" if the rules of the Service port itself are wrong
     */
    record Cause(String text, List<Verification.Finding> findings) {}

    /**
     * Follows a packet through the kernel's rules.
     *
     * @throws QuestionFailedException if the rules cannot be read or followed
     */
    Traced trace(Plan plan, Flow flow);

    /**
     * Verifies the kernel's rules.
     *
     * @throws QuestionFailedException if the rules cannot be read
     */
    Verified verify(Plan plan, Predicate<ServicePortName> ports);
}
