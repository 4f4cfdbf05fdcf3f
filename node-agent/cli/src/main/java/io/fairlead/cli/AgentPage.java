package io.fairlead.cli;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.core.verify.Verification;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.ui.Access;
import io.fairlead.ui.Notation;
import io.fairlead.ui.QuestionFailedException;
import io.fairlead.ui.Questions;
import io.fairlead.ui.UiSite;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** Creates the page of {@code --ui}, and answers its questions as {@code trace} and {@code verify} do. */
final class AgentPage implements Questions {
    private static final Logger LOG = AgentLog.LOG;

    private final Wiring wiring;

    /**
     * Creates the answers.
     *
     * @param wiring a wiring that no other thread uses, because access to the kernel is not thread-safe
     */
    private AgentPage(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * Creates the page. If no user may read it, because it needs a token that is missing, it still exists and refuses
     * each request: a wrong setting of the page must not keep the agent from writing rules.
     *
     * @param agent the wiring of the agent
     * @param own a wiring for the page alone
     */
    static UiSite of(Surroundings surroundings, AgentCommand command, Wiring agent, Wiring own) {
        IpPort address = agent.config().metricsBindAddress();
        Access access = new Access(address != null && address.ip().isLoopback(), command.uiTokenFile);
        access.problem()
                .ifPresentOrElse(
                        problem -> LOG.warn("the page /ui refuses every request: {}", problem),
                        () -> LOG.info("the page for people is http://{}/ui", address));
        ProxyMode mode = agent.mode();
        ProxyMode other = mode == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
        return new UiSite(
                new UiSite.Identity(agent.nodeName(), mode.text()),
                access,
                List.of(
                        new Notation(agent.dialect().layout(), true),
                        new Notation(agent.dialect(other).layout(), false)),
                agent.dialect().counted(),
                new AgentPage(own),
                surroundings.time());
    }

    @Override
    public Traced trace(Plan plan, Flow flow) {
        return answer(() -> {
            NodeView<?> view = wiring.node(wiring.dialect());
            return new Traced(
                    view.tracer().answer(flow), new FlowModel(plan, view.host()).outcome(flow), view.messages());
        });
    }

    @Override
    public Verified verify(Plan plan, Predicate<ServicePortName> ports) {
        return answer(() -> {
            NodeView<?> view = wiring.node(wiring.dialect());
            Host host = view.host();
            Verification verification = Verification.of(plan, host, view.tracer(), host.addresses(), ports, () -> {});
            List<Cause> causes = Causes.of(verification.findings()).stream()
                    .map(group -> new Cause(group.text(), group.findings()))
                    .toList();
            return new Verified(verification, causes, view.messages());
        });
    }

    /**
     * Answers a question on a thread of its own. The page's threads are virtual, and a virtual thread cannot enter the
     * network namespace of {@code --netns}.
     */
    private static <T> T answer(Supplier<T> question) {
        FutureTask<T> task = new FutureTask<>(() -> answered(question));
        Thread.ofPlatform().name("ui-question").daemon().start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QuestionFailedException("the agent is being stopped", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QuestionFailedException failed) {
                throw failed;
            }
            throw new IllegalStateException("unexpected exception while answering a question", e);
        }
    }

    private static <T> T answered(Supplier<T> question) {
        try {
            return question.get();
        } catch (ApplyFailedException
                | UnknownRuleException
                | ProgramMissingException
                | NetlinkException
                | CommandException
                | IllegalStateException e) {
            throw new QuestionFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
