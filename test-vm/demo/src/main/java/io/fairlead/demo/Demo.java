package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.lab.LabException;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Runs the demo's story with each backend, one after the other, and checks every claim with connections. It needs root.
 * It creates network namespaces whose names begin with "fairlead-demo-", and deletes them at the end and after Ctrl-C.
 */
public final class Demo {
    private final Stage stage;
    private final ProcessRunner processes;
    private final Backends backends;

    /**
     * Creates a demo. {@link #run} starts it.
     *
     * @param coloured whether {@code out} is a terminal that shows colours
     * @param changeText formats a change as {@code fairlead diff} does
     * @param processes runs commands in the caller's network namespace
     */
    public Demo(
            PrintWriter out,
            boolean coloured,
            Function<ChangeReport, String> changeText,
            ProcessRunner processes,
            Backends backends) {
        this.stage = new Stage(out, coloured, changeText);
        this.processes = processes;
        this.backends = backends;
    }

    /**
     * Runs the whole demo.
     *
     * @return whether every trial had the expected result
     * @throws LabException if the namespaces cannot be created, most likely because the caller is not root
     * @throws InterruptedException if the thread is interrupted. The namespaces are deleted in this case too
     */
    public boolean run(List<ProxyMode> modes) throws InterruptedException {
        long start = System.nanoTime();
        Scoreboard scoreboard = new Scoreboard();
        stage.paragraph("""
                A node (192.0.2.1), its pods (10.244.1.0/24) and hosts outside the cluster. Each has its own network
                namespace; veth pairs join them. Real listeners answer with their names. There is no API server: the
                objects come from YAML files, the rules are written to the node's kernel, and real connections show what
                the rules do.""");
        for (ProxyMode mode : modes) {
            act(mode, scoreboard);
        }
        summary(modes, scoreboard);
        stage.verdict(
                scoreboard.allAsExpected(),
                String.format(
                        Locale.ROOT,
                        "%d checks, %d as expected, %d not; %.1f s.",
                        scoreboard.size(),
                        scoreboard.size() - scoreboard.wrong(),
                        scoreboard.wrong(),
                        (System.nanoTime() - start) / 1e9));
        return scoreboard.allAsExpected();
    }

    private void act(ProxyMode mode, Scoreboard scoreboard) throws InterruptedException {
        stage.act("The " + mode.text() + " backend");
        try (Cast cast = new Cast(processes)) {
            new Story(mode, stage, scoreboard, cast, backends).run();
        } catch (ApplyFailedException | UnknownRuleException | IOException e) {
            Trial broken = new Trial(mode, "the whole story", "no failure", String.valueOf(e.getMessage()), false);
            scoreboard.add(broken);
            stage.result(broken);
        }
    }

    private void summary(List<ProxyMode> modes, Scoreboard scoreboard) {
        stage.act("All checks");
        stage.table(scoreboard.trialRows());
        stage.act("Which listener answered how many connections");
        stage.table(scoreboard.answerRows(modes));
    }
}
