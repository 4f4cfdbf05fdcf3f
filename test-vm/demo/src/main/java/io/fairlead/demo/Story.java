package io.fairlead.demo;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.lab.Conversation;
import io.fairlead.lab.LabHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The demo's story for one backend. Each chapter changes objects of the cluster, shows and applies the resulting change
 * of the kernel's rules, and checks the chapter's claims with connections.
 */
final class Story {
    private static final int FEW = 3;
    private static final Duration REFUSAL_LIMIT = Duration.ofSeconds(3);
    private static final Duration SILENCE = Duration.ofMillis(600);

    private static final IpPort MY_NGINX = IpPort.parse("10.110.254.82:80");

    private final ProxyMode mode;
    private final Stage stage;
    private final Checks checks;
    private final Cast cast;
    private final DemoRules<?, ?> kernel;
    private final Manifests manifests = new Manifests();
    private int chapter;
    private int changes;
    private int changesInStep;

    Story(ProxyMode mode, Stage stage, Scoreboard scoreboard, Cast cast, Backends backends) {
        this.mode = mode;
        this.stage = stage;
        this.checks = new Checks(mode, stage, scoreboard);
        this.cast = cast;
        this.kernel =
                DemoRules.of(backends.open(mode, cast.nodeRunner(), cast.node().namespace()));
    }

    void run() throws IOException, InterruptedException {
        aNodeWithoutServices();
        twoPodsBehindOneAddress();
        aPodDies();
        reachedFromOutside();
        backToTheSamePod();
        aDatabaseOutside();
        onlyForSomeNetworks();
        servicesWithoutRules();
        serviceWithoutPods();
        udp();
        ipv6();
        cleanUp();
    }

    private void aNodeWithoutServices() {
        begin("A node without Services", """
                A client connects to the virtual address of a Service. No host has this address: rules in the node's
                kernel send each connection on to a pod. Before there is any Service, Fairlead writes the base rules, to
                which the rules of Services are added later.""");
        manifests.add("node.yaml");
        Plan plan = plan();
        kernel.bring(
                plan,
                report -> stage.note(report.added() + " lines, the same on every node. \"fairlead render\""
                        + " prints them. The next chapters show changes only, as \"fairlead diff\" does."));
        checkInStep(plan);
    }

    private void twoPodsBehindOneAddress() {
        begin("Two pods behind one address", """
                The Service my-nginx has the virtual address 10.110.254.82:80. Two pods serve it: my-nginx-1 at
                10.244.1.35 and my-nginx-2 at 10.244.1.36. Each new connection goes to one of them at random.""");
        manifests.add("my-nginx-service.yaml");
        manifests.add("my-nginx-pods.yaml");
        applyAndShow();
        Set<String> both = Set.of("my-nginx-1", "my-nginx-2");
        checks.expectAll("client -> my-nginx", checks.ask(cast.client(), Protocol.TCP, MY_NGINX), both);
        checks.expectAll("node -> my-nginx", checks.ask(cast.node(), Protocol.TCP, MY_NGINX), both);
        Tally fromPod = checks.ask(cast.cart(), Protocol.TCP, MY_NGINX);
        checks.expectAll("pod cart-1 -> my-nginx", fromPod, both);
        checks.expectSource(
                "source that my-nginx sees of pod cart-1",
                fromPod,
                cast.cart().addresses().getFirst());
    }

    private void aPodDies() throws IOException, InterruptedException {
        begin("A pod dies and is replaced at another address", """
                my-nginx-2 (10.244.1.36) ends; my-nginx-3 replaces it at 10.244.1.37. While the change is applied, one
                client makes connections all the time and another keeps a connection to my-nginx-1 open.""");
        LabHost successor = cast.pod("my-nginx-3", "37", Protocol.TCP, 80);
        manifests.replace("my-nginx-pods.yaml", "my-nginx-pods-replaced.yaml");
        try (Conversation conversation = conversationWithTheFirst()) {
            Questions questions = new Questions(cast.client(), MY_NGINX);
            applyAndShow();
            Tally meanwhile = questions.stop();
            checks.count(meanwhile);
            checks.judge(
                    "client -> my-nginx, during the change",
                    "every connection answered",
                    meanwhile.text(),
                    meanwhile.allAnswered());
            cast.end(cast.secondNginx());
            String who = conversation.who();
            checks.judge("the connection that was open", "still my-nginx-1", "still " + who, who.equals("my-nginx-1"));
        }
        checks.expectAll(
                "client -> my-nginx, after my-nginx-2 died",
                checks.ask(cast.client(), Protocol.TCP, MY_NGINX),
                Set.of("my-nginx-1", successor.name()));
    }

    private void reachedFromOutside() {
        begin("Reached from outside the cluster", """
                The Service becomes a NodePort: hosts without a route to virtual addresses reach it at port 31080 of the
                node's own address 192.0.2.1. The pod sees the node's address as the source, so that its answer comes
                back through the node.""");
        manifests.replace("my-nginx-service.yaml", "my-nginx-nodeport.yaml");
        applyAndShow();
        Tally tally = checks.ask(cast.client(), Protocol.TCP, IpPort.parse("192.0.2.1:31080"));
        checks.expectAll("client -> node port 31080", tally, Set.of("my-nginx-1", "my-nginx-3"));
        checks.expectSource("source that my-nginx sees of client", tally, cast.gateway());
        checks.expectAll(
                "client -> my-nginx, as before",
                checks.ask(cast.client(), Protocol.TCP, MY_NGINX),
                Set.of("my-nginx-1", "my-nginx-3"));
    }

    private void backToTheSamePod() {
        begin("Back to the same pod", """
                The Service cart has sessionAffinity: ClientIP. The first pod of a client is still random, but later
                connections of this client reach the same pod.""");
        manifests.add("cart.yaml");
        applyAndShow();
        for (LabHost host : List.of(cast.client(), cast.office(), cast.firstNginx())) {
            Tally tally = checks.ask(host, Protocol.TCP, IpPort.parse("10.110.7.7:80"));
            checks.judge(
                    host.name() + " -> cart",
                    "one and the same pod for all " + Checks.CONNECTIONS,
                    tally.text(),
                    tally.allAnswered() && tally.answered().size() == 1);
        }
    }

    private void aDatabaseOutside() {
        begin("A database outside the cluster", """
                The Service database has no selector; its Endpoints, 198.51.100.20:5432, were written by hand. Pods use
                a name and an address of the cluster, so the database can move without a change to them.""");
        manifests.add("database.yaml");
        applyAndShow();
        checks.expectAll(
                "pod cart-1 -> database",
                checks.ask(cast.cart(), Protocol.TCP, IpPort.parse("10.110.54.32:5432")),
                Set.of("database"));
    }

    private void onlyForSomeNetworks() {
        begin("A load balancer address for some networks only", """
                The Service shop has the load balancer address 203.0.113.80 and loadBalancerSourceRanges: 192.0.2.16/28.
                The office (192.0.2.20) is in this range. The client (192.0.2.10) is not, and gets no answer.""");
        manifests.add("shop.yaml");
        applyAndShow();
        IpPort shop = IpPort.parse("203.0.113.80:80");
        checks.expectAll(
                "office -> shop", checks.ask(cast.office(), Protocol.TCP, shop), Set.of("my-nginx-1", "my-nginx-3"));
        Tally barred = checks.ask(cast.client(), Protocol.TCP, shop, FEW, SILENCE);
        checks.judge("client -> shop", "no answer " + FEW, barred.text(), barred.allTimedOut());
    }

    private void servicesWithoutRules() {
        begin("Services without rules", """
                Some Services need no rules in the kernel.""");
        manifests.add("no-rules.yaml");
        Plan plan = applyAndShow();
        for (String name : List.of("mail", "my-nginx-headless")) {
            ServicePlan service = plan.services().get(new ServiceName("default", name));
            String why = service == null || service.noRules() == null
                    ? "it has rules"
                    : service.noRules().reason();
            stage.note("no rules for " + name + ", because " + why);
            checks.judge(
                    "rules for " + name,
                    "none",
                    why.equals("it has rules") ? "some" : "none",
                    !why.equals("it has rules"));
        }
    }

    private void serviceWithoutPods() {
        begin("A Service without pods", """
                The Service report is scaled to zero. A client that connects gets a TCP reset, so it is refused at once
                and does not wait for a time-out.""");
        manifests.add("report.yaml");
        applyAndShow();
        for (LabHost host : List.of(cast.client(), cast.firstNginx(), cast.node())) {
            Tally tally = checks.ask(host, Protocol.TCP, IpPort.parse("10.110.0.99:80"), FEW, Checks.PATIENCE);
            checks.judge(
                    host.name() + " -> report",
                    "refused " + FEW + " within " + REFUSAL_LIMIT.toSeconds() + " s",
                    tally.text() + " within " + tally.slowestMillis() + " ms",
                    tally.allRefusedWithin(REFUSAL_LIMIT));
        }
    }

    private void udp() {
        begin("UDP", """
                A name server: port 53 of 10.110.0.10 leads to port 5353 of two pods, over UDP. Every question has its own
                source port, so the kernel handles each as a new connection.""");
        manifests.add("name-server.yaml");
        applyAndShow();
        checks.expectAll(
                "pod my-nginx-1 -> name-server",
                checks.ask(cast.firstNginx(), Protocol.UDP, IpPort.parse("10.110.0.10:53")),
                Set.of("name-server-1", "name-server-2"));
    }

    private void ipv6() {
        begin("IPv6", """
                The same over IPv6: fd00:10:110::82 is virtual, and port 31082 of the node's 2001:db8:1::1 leads there.""");
        manifests.add("my-nginx-ipv6.yaml");
        applyAndShow();
        Set<String> pods = Set.of("my-nginx-1", "my-nginx-3");
        checks.expectAll(
                "pod cart-1 -> my-nginx-ipv6",
                checks.ask(cast.cart(), Protocol.TCP, IpPort.parse("[fd00:10:110::82]:80")),
                pods);
        checks.expectAll(
                "client -> node port 31082",
                checks.ask(cast.client(), Protocol.TCP, IpPort.parse("[2001:db8:1::1]:31082")),
                pods);
    }

    private void cleanUp() {
        begin("Clean-up", """
                fairlead cleanup removes its own rules, and no others.""");
        checks.judge(
                "rules read back after each change",
                changes + " of " + changes + " times as planned",
                changesInStep + " of " + changes + " times as planned",
                changesInStep == changes);
        kernel.remove(report -> stage.note(report.removed() + " lines are removed."));
        checks.judge("rules of Fairlead in the kernel", "none", kernel.gone() ? "none" : "some", kernel.gone());
        Tally tally = checks.ask(cast.cart(), Protocol.TCP, MY_NGINX, FEW, SILENCE);
        checks.judge("pod cart-1 -> my-nginx, without rules", "no answer " + FEW, tally.text(), tally.allTimedOut());
    }

    private void begin(String headline, String text) {
        stage.chapter(++chapter, headline);
        stage.paragraph(text);
    }

    private Plan applyAndShow() {
        Plan plan = plan();
        kernel.bring(plan, this::show);
        checkInStep(plan);
        return plan;
    }

    private void show(ChangeReport report) {
        if (report.isEmpty()) {
            stage.note("No difference: nothing to apply.");
        } else {
            stage.show(report);
        }
    }

    /**
     * Checks whether the kernel has exactly the plan's rules, and counts the result. Reports a failed check
     * immediately; successful checks are reported together at the end.
     */
    private void checkInStep(Plan plan) {
        changes++;
        if (kernel.inStep(plan)) {
            changesInStep++;
        } else {
            checks.judge("rules read back after chapter " + chapter, "as planned", "otherwise", false);
        }
    }

    private Plan plan() {
        NodeSettings defaults = NodeSettings.defaults(mode, "demo-node");
        return Planner.plan(
                manifests.state(),
                new NodeSettings(
                        mode,
                        defaults.nodeName(),
                        defaults.bindAddresses(),
                        cast.nodeAddresses(),
                        new NodeSettings.DetectLocal.ClusterCidr(
                                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:244::/48"))),
                        defaults.nodePortAddresses(),
                        defaults.masqueradeBit(),
                        defaults.masqueradeAll(),
                        defaults.localhostNodePorts(),
                        defaults.tcpBeLiberal()));
    }

    /**
     * Opens connections to my-nginx until one reaches the pod that exists until the end. Several attempts may be
     * needed, because the rules choose pods at random.
     */
    private Conversation conversationWithTheFirst() throws IOException {
        for (int i = 0; i < Checks.CONNECTIONS; i++) {
            Conversation conversation = cast.office().converse(null, MY_NGINX, Checks.PATIENCE);
            if (conversation.who().equals(cast.firstNginx().name())) {
                return conversation;
            }
            conversation.close();
        }
        throw new IOException("no connection reaches " + cast.firstNginx().name());
    }
}
