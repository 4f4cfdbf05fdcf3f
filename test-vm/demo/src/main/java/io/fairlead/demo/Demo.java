package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.lab.LabException;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Tells the story with each backend in turn, and checks it. It needs root, makes network namespaces whose names start
 * with "fairlead-demo-", and takes them away at the end, at Ctrl-C too.
 */
public final class Demo {
    private final Stage stage;
    private final ProcessRunner processes;
    private final BiFunction<ProxyMode, ProcessRunner, Backend<?, ?>> backends;

    /**
     * A demo that has not begun.
     *
     * @param coloured whether {@code out} is a terminal that shows colours
     * @param changeText a change as {@code fairlead diff} shows it
     * @param processes runs commands in the caller's own namespace
     * @param backends opens the backend of a mode on a runner that is inside the node's namespace
     */
    public Demo(
            PrintWriter out,
            boolean coloured,
            Function<ChangeReport, String> changeText,
            ProcessRunner processes,
            BiFunction<ProxyMode, ProcessRunner, Backend<?, ?>> backends) {
        this.stage = new Stage(out, coloured, changeText);
        this.processes = processes;
        this.backends = backends;
    }

    /**
     * From beginning to end.
     *
     * @return whether everything came as expected
     * @throws LabException if the namespaces cannot be made, most likely for want of root
     * @throws InterruptedException if the thread is interrupted; nothing stays behind
     */
    public boolean run(List<ProxyMode> modes) throws InterruptedException {
        long start = System.nanoTime();
        Scoreboard scoreboard = new Scoreboard();
        stage.tell("""
                A node (192.0.2.1), its pods (10.244.1.0/24) and hosts outside the cluster, each a network namespace of its
                own, joined by veth pairs. Real listeners answer with their names. There is no API server: the objects come
                from YAML files, the rules go to the node's kernel, and real connections show what they do.""");
        for (ProxyMode mode : modes) {
            act(mode, scoreboard);
        }
        summary(modes, scoreboard);
        stage.verdict(
                scoreboard.allAsExpected(),
                String.format(
                        Locale.ROOT,
                        "%d things tried, %d as expected, %d not; %.1f s.",
                        scoreboard.size(),
                        scoreboard.size() - scoreboard.wrong(),
                        scoreboard.wrong(),
                        (System.nanoTime() - start) / 1e9));
        return scoreboard.allAsExpected();
    }

    private void act(ProxyMode mode, Scoreboard scoreboard) throws InterruptedException {
        stage.act("The " + mode.text() + " backend");
        try (Cast cast = new Cast(processes)) {
            new Story(mode, stage, scoreboard, cast, backends).tell();
        } catch (ApplyFailedException | UnknownRuleException | IOException e) {
            Trial broken = new Trial(mode, "the story to its end", "told", String.valueOf(e.getMessage()), false);
            scoreboard.add(broken);
            stage.result(broken);
        }
    }

    private void summary(List<ProxyMode> modes, Scoreboard scoreboard) {
        stage.act("What was tried");
        stage.table(scoreboard.trialRows());
        stage.act("Where the packets went");
        stage.table(scoreboard.answerRows(modes));
    }
}
