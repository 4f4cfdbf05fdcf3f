package io.fairlead.ui;

import io.fairlead.agent.Site;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.serve.Page;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/** The page {@code /ui} with its parts. It receives the result of each round, and answers requests at the same time. */
public final class UiSite implements Site {
    static final String SERVICES = "/ui";
    static final String SERVICE = "/ui/service";
    static final String CHANGES = "/ui/changes";
    static final String TRACE = "/ui/trace";
    static final String VERIFY = "/ui/verify";
    static final String STATUS = "/ui/status";
    static final String STYLE = "/ui/style.css";

    private final Identity identity;
    private final Access access;
    private volatile List<Notation> notations;
    private final List<CountedPackets> counted;
    private final Questions questions;
    private final PlanView view = new PlanView();
    private final ChangeLog changes;

    /** Lets one question to the kernel run at a time, because an answer needs memory in proportion to all rules. */
    private final Semaphore asking = new Semaphore(1);

    /** The names on each page. */
    public record Identity(String node, String mode) {}

    /**
     * Creates the site.
     *
     * @param notations the notation in use, then the other one
     * @param counted the packet counters in the rules
     */
    public UiSite(
            Identity identity,
            Access access,
            List<Notation> notations,
            List<CountedPackets> counted,
            Questions questions,
            InstantSource clock) {
        this.identity = identity;
        this.access = access;
        this.notations = List.copyOf(notations);
        this.counted = List.copyOf(counted);
        this.questions = questions;
        this.changes = new ChangeLog(clock);
    }

    /** Returns a backend whose changes the site shows. */
    public <R extends Ruleset, C extends Change> Function<IpFamily, Backend<R, C>> recorded(
            Function<IpFamily, Backend<R, C>> backend) {
        return family -> {
            Backend<R, C> plain = backend.apply(family);
            notations = List.of(new Notation(plain.layout(), true), notations.getLast());
            return new Backend<>(plain.layout(), new RecordedKernel<>(plain.kernel(), changes::applied));
        };
    }

    @Override
    public void after(RoundResult result) {
        view.after(result);
        changes.after(result);
    }

    @Override
    public SortedMap<String, Page.Source> pages(Supplier<List<ClusterSource.Detail>> status) {
        SortedMap<String, Page.Source> pages = new TreeMap<>();
        pages.put(SERVICES, guarded(this::services));
        pages.put(SERVICE, guarded(this::service));
        pages.put(CHANGES, guarded(_ -> changes()));
        pages.put(TRACE, guarded(query -> asked(TRACE, "Trace", () -> trace(query))));
        pages.put(VERIFY, guarded(query -> asked(VERIFY, "Verify", () -> verify(query))));
        pages.put(STATUS, guarded(_ -> status(status.get())));
        pages.put(STYLE, guarded(_ -> style()));
        return pages;
    }

    private Page.Source guarded(Function<Query, Page> page) {
        return request -> {
            if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
                return Page.text(405, "this page only answers GET\n").with("Allow", "GET, HEAD");
            }
            return access.refusal(request).orElseGet(() -> page.apply(Query.of(request.query())));
        };
    }

    private Page services(Query query) {
        return Templates.page(
                200,
                "services.jte",
                Map.of("chrome", chrome("Services", SERVICES), "list", ServiceList.of(view.snapshot(), query)));
    }

    private Page service(Query query) {
        ServiceName name = new ServiceName(query.get("namespace"), query.get("name"));
        Snapshot snapshot = view.snapshot();
        ServicePlan service = snapshot.services().get(name);
        if (service == null) {
            return message(404, SERVICES, "No such Service", "This node knows no Service " + name.text() + ".");
        }
        return Templates.page(
                200,
                "service.jte",
                Map.of(
                        "chrome",
                        chrome(name.text(), SERVICES),
                        "service",
                        ServiceDetails.of(snapshot, service, notations)));
    }

    private Page changes() {
        return Templates.page(
                200,
                "changes.jte",
                Map.of("chrome", chrome("Changes", CHANGES), "changes", ChangeView.of(changes.entries())));
    }

    private Page trace(Query query) {
        return Templates.page(
                200,
                "trace.jte",
                Map.of("chrome", chrome("Trace", TRACE), "trace", TraceView.of(view.snapshot(), query, questions)));
    }

    private Page verify(Query query) {
        return Templates.page(
                200,
                "verify.jte",
                Map.of("chrome", chrome("Verify", VERIFY), "verify", VerifyView.of(view.snapshot(), query, questions)));
    }

    /** Runs a page that may ask the kernel. A second question at the same time is refused. */
    private Page asked(String current, String title, Supplier<Page> page) {
        if (!asking.tryAcquire()) {
            return message(
                            503,
                            current,
                            title,
                            "Another question about the kernel's rules is being answered. Repeat this one in a moment.")
                    .with("Retry-After", "2");
        }
        try {
            return page.get();
        } catch (QuestionFailedException e) {
            return message(500, current, title, "No answer: " + e.getMessage());
        } finally {
            asking.release();
        }
    }

    private Page status(List<ClusterSource.Detail> lines) {
        return Templates.page(
                200,
                "status.jte",
                Map.of("chrome", chrome("Status", STATUS), "status", StatusView.of(lines, view.snapshot(), counted)));
    }

    private Page message(int status, String current, String title, String text) {
        return Templates.page(status, "message.jte", Map.of("chrome", chrome(title, current), "text", text));
    }

    private static Page style() {
        try (InputStream in = UiSite.class.getResourceAsStream("style.css")) {
            if (in == null) {
                return Page.text(404, "the style sheet is missing\n");
            }
            return Page.of(200, "text/css; charset=utf-8", new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .with("Cache-Control", "private, max-age=300");
        } catch (IOException e) {
            return Page.text(500, "the style sheet cannot be read: " + e.getMessage() + "\n");
        }
    }

    private Chrome chrome(String title, String current) {
        return new Chrome(title, current, identity.node(), identity.mode());
    }
}
