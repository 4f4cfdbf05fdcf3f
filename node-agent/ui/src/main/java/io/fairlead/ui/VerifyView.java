package io.fairlead.ui;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.verify.Verification.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The form of a verification, and its result.
 *
 * @param service the Service to verify; "" for all
 * @param error why there is no result; "" if there is one, or if none was asked for
 * @param result the result; null if there is none
 */
record VerifyView(String service, String error, @Nullable Result result) {
    /** The number of packets of a cause that are shown in full. */
    private static final int MOST_PACKETS = 3;

    /**
     * The number of Services up to which all of them can be verified here. A verification of more needs too much memory
     * in a process that also keeps the rules; the command does it in a process of its own.
     */
    static final int MOST_SERVICES = 1_000;

    /** The result. */
    record Result(int packets, int services, int unsure, List<Cause> causes, List<String> notes) {
        String counted() {
            return services == 1 ? "1 Service" : services + " Services";
        }

        String countedCauses() {
            return causes.size() == 1 ? "1 cause" : causes.size() + " causes";
        }
    }

    /**
     * Findings with the same cause.
     *
     * @param more the number of packets that are not shown
     */
    record Cause(String title, List<Packet> packets, int more) {}

    /** A packet whose outcome differs. */
    record Packet(String text, String expected, String actual) {}

    static VerifyView of(Snapshot snapshot, Query query, Questions questions) {
        String service = query.get("service");
        if (!query.get("run").equals("yes")) {
            return new VerifyView(service, "", null);
        }
        Optional<Plan> plan = snapshot.plan();
        if (plan.isEmpty()) {
            return new VerifyView(service, "no round has succeeded yet, so there is no plan to compare with", null);
        }
        if (service.isEmpty() && snapshot.services().size() > MOST_SERVICES) {
            return new VerifyView(
                    service,
                    "this node has " + snapshot.services().size() + " Services; name one of them here, and verify all"
                            + " with the command \"fairlead verify\", because all of them need much memory",
                    null);
        }
        if (!service.isEmpty()
                && snapshot.services().keySet().stream()
                        .noneMatch(name -> name.text().equals(service))) {
            return new VerifyView(service, "no such Service: \"" + service + "\"; name it as NAMESPACE/NAME", null);
        }
        Predicate<ServicePortName> chosen =
                port -> service.isEmpty() || port.service().text().equals(service);
        Questions.Verified verified = questions.verify(plan.get(), chosen);
        return new VerifyView(
                service,
                "",
                new Result(
                        verified.verification().packets(),
                        service.isEmpty() ? snapshot.services().size() : 1,
                        verified.verification().unsure().size(),
                        verified.causes().stream().map(VerifyView::cause).toList(),
                        verified.notes()));
    }

    private static Cause cause(Questions.Cause cause) {
        List<Finding> findings = cause.findings();
        String port =
                findings.isEmpty() ? "" : findings.getFirst().probe().port().toString();
        return new Cause(
                cause.text().isEmpty() ? "The rules of " + port : cause.text(),
                findings.stream().limit(MOST_PACKETS).map(VerifyView::packet).toList(),
                Math.max(0, findings.size() - MOST_PACKETS));
    }

    private static Packet packet(Finding finding) {
        return new Packet(
                finding.probe().flow().text() + " from "
                        + finding.probe().source().text() + " ("
                        + finding.probe().port() + ")",
                finding.expected().text(),
                finding.actual() == null ? finding.doubt() : finding.actual().text());
    }
}
