package io.fairlead.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("server")
final class ExecProcessRunnerTest {
    private final ProcessRunner runner = new ExecProcessRunner();

    @Test
    void returnsOutputErrorAndExitStatus() {
        ProcessResult result = runner.run(Command.of("sh", "-c", "echo out; echo err >&2; exit 3"));

        assertThat(result).isEqualTo(new ProcessResult(3, "out\n", "err\n"));
    }

    @Test
    void namesTheSignalThatEndedAProgram() {
        ProcessResult killed = runner.run(Command.of("sh", "-c", "echo err >&2; kill -KILL $$"));

        assertThat(killed.succeeded()).isFalse();
        assertThat(killed.reason().lines())
                .containsExactly("the program was ended by signal 9 (SIGKILL, perhaps out of memory)", "err");
        assertThat(new ProcessResult(3, "", "err").reason()).isEqualTo("err");
        assertThat(new ProcessResult(255, "", "err").reason()).isEqualTo("err");
    }

    @Test
    void passesWordsAsTheyAreWithoutAShell() {
        ProcessResult result =
                runner.run(Command.of("printf", "%s|", "a b", "$HOME", "\"q\"", "'s'", "*", "", "ä ${x}", " w "));

        assertThat(result.output()).isEqualTo("a b|$HOME|\"q\"|'s'|*||ä ${x}| w |");
    }

    @Test
    void pumpsLargeInputAndOutputAtTheSameTime() {
        String input = "für 0123456789 abcdef\n".repeat(200_000);

        ProcessResult result = runner.run(Command.of("cat").withInput(input));

        assertThat(result.output()).isEqualTo(input);
    }

    @Test
    void inputIsMadePortionByPortionAsTheProgramReads() {
        List<String> portions = List.of("", "ä".repeat(40_000), "x", "", "€𝄞".repeat(20_001), "\n");
        AtomicInteger made = new AtomicInteger();
        Iterable<String> input =
                () -> portions.stream().peek(_ -> made.incrementAndGet()).iterator();

        Command command = new Command(List.of("cat"), input, Duration.ofSeconds(30));
        assertThat(made).hasValue(0);

        assertThat(runner.run(command).output()).isEqualTo(String.join("", portions));
        assertThat(made).hasValue(portions.size());
        assertThat(command.inputText()).isEqualTo(String.join("", portions));
    }

    @Test
    void aProgramThatIgnoresItsInputSucceeds() {
        ProcessResult result = runner.run(Command.of("true").withInput("x".repeat(5_000_000)));

        assertThat(result.exitCode()).isZero();
    }

    @Test
    void largeErrorOutputDoesNotBlock() {
        ProcessResult result =
                runner.run(Command.of("sh", "-c", "head -c 2000000 /dev/zero >&2; head -c 2000000 /dev/zero"));

        assertThat(result.error()).hasSize(2_000_000);
        assertThat(result.output()).hasSize(2_000_000);
    }

    @Test
    void killsAProgramAtItsTimeLimit() {
        long start = System.nanoTime();

        ProcessResult result =
                runner.run(Command.of("sh", "-c", "echo begun; exec sleep 30").withTimeout(Duration.ofMillis(300)));

        assertThat(result.timedOut()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.output()).isEqualTo("begun\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void returnsEvenIfAGrandchildHoldsThePipesOpen() {
        long start = System.nanoTime();

        ProcessResult result =
                runner.run(Command.of("sh", "-c", "sleep 20 & sleep 20").withTimeout(Duration.ofMillis(300)));

        assertThat(result.timedOut()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void namesAProgramThatIsMissing() {
        assertThatThrownBy(() -> runner.run(Command.of("fairlead-no-such-program", "x")))
                .isInstanceOf(ProgramMissingException.class)
                .hasMessageContaining("fairlead-no-such-program");
    }

    @Test
    void leavesNoThreadBehind() throws InterruptedException {
        runner.run(Command.of("true"));
        Set<Thread> before = threads();
        for (int i = 0; i < 20; i++) {
            runner.run(Command.of("cat").withInput("x"));
        }

        Set<Thread> left = Set.of();
        for (int i = 0; i < 100; i++) {
            left = threads();
            left.removeAll(before);
            if (left.isEmpty()) {
                break;
            }
            Thread.sleep(50);
        }
        assertThat(left).isEmpty();
    }

    /** Returns all threads except the JDK's process reapers, which belong to a pool of changing size. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("process reaper"))
                .collect(Collectors.toSet());
    }
}
