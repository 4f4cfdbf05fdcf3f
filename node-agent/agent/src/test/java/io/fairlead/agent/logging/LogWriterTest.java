package io.fairlead.agent.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests statement FLG-7 of docs/behaviour.md. */
final class LogWriterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:16:40.123456789Z");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final LogWriter before = LogWriter.current();

    @AfterEach
    void putBack() {
        before.install();
    }

    private LogWriter writer(LogSettings settings) {
        return new LogWriter(settings, new PrintWriter(out), new PrintWriter(err), () -> NOW, ZoneOffset.UTC);
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(err.toString());
    }

    @Test
    void writesTextAsKlogDoes() {
        LogWriter writer = writer(LogSettings.DEFAULT);

        writer.write("Planner", LogLine.info("one").with("count", 1));
        writer.write("Planner", LogLine.warning("two\nlines"));
        writer.write("Planner", LogLine.error("three"));

        String process = String.format("%7d", ProcessHandle.current().pid());
        assertThat(err.toString())
                .isEqualTo("I1124 09:16:40.123456 " + process + " Planner] one\n"
                        + "W1124 09:16:40.123456 " + process + " Planner] two lines\n"
                        + "E1124 09:16:40.123456 " + process + " Planner] three\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void writesJsonAsKubeProxyDoes() {
        writer(new LogSettings(true, 0, List.of(), false))
                .write("agent", LogLine.info("applied \"x\"").with("seconds", Map.of("plan", 0.5)));

        assertThat(err.toString()).endsWith("}\n").doesNotContain("\n{");
        assertThat(json().path("ts").decimalValue()).hasToString("1795511800123.456");
        assertThat(json().path("msg").asString()).isEqualTo("applied \"x\"");
        assertThat(json().path("v").asInt(-1)).isZero();
        assertThat(json().path("logger").asString()).isEqualTo("agent");
        assertThat(json().path("seconds").path("plan").asDouble()).isEqualTo(0.5);
    }

    @Test
    void anErrorInJsonHasNoVerbosity() {
        LogWriter writer = writer(new LogSettings(true, 0, List.of(), false));
        writer.install();

        LoggerFactory.getLogger("io.fairlead.Some").error("failed {}", "once", new IllegalStateException("why"));

        assertThat(json().has("v")).isFalse();
        assertThat(json().path("msg").asString()).isEqualTo("failed once");
        assertThat(json().path("err").asString()).isEqualTo("java.lang.IllegalStateException: why");
        assertThat(json().path("stacktrace").asString()).contains("LogWriterTest");
    }

    @Test
    void splitsErrorsFromOtherLines() {
        LogWriter writer = writer(new LogSettings(false, 0, List.of(), true));

        writer.write("a", LogLine.info("fine"));
        writer.write("a", LogLine.warning("odd"));
        writer.write("a", LogLine.error("bad"));

        assertThat(out.toString()).contains("] fine\n").contains("] odd\n").doesNotContain("bad");
        assertThat(err.toString()).contains("] bad\n").doesNotContain("odd");
    }

    @Test
    void debugIsVerbosityFourAndTraceIsSix() {
        LogWriter writer = writer(LogSettings.DEFAULT);
        writer.install();
        Logger logger = LoggerFactory.getLogger("io.fairlead.agent.Some");

        logger.debug("details 0");
        assertThat(logger.isDebugEnabled()).isFalse();
        writer.verbosity(4);
        logger.debug("details 4");
        logger.trace("traces 4");
        writer.verbosity(6);
        logger.trace("traces 6");

        assertThat(err.toString().lines().map(line -> line.split("] ", 2)[1])).containsExactly("details 4", "traces 6");
        assertThat(err.toString()).contains(" Some] ");
    }

    @Test
    void vmoduleRaisesTheVerbosityOfMatchingSources() {
        LogWriter writer = writer(new LogSettings(
                false, 0, List.of(LogSettings.OfSource.of("Sync*", 6), LogSettings.OfSource.of("P?an", 4)), false));
        writer.install();

        LoggerFactory.getLogger("io.fairlead.agent.SyncLoop").trace("loop");
        LoggerFactory.getLogger("io.fairlead.agent.Plan").debug("plan");
        LoggerFactory.getLogger("io.fairlead.agent.Plan").trace("plan too much");
        LoggerFactory.getLogger("io.fairlead.agent.Planner").debug("planner");

        assertThat(err.toString().lines().map(line -> line.split("] ", 2)[1])).containsExactly("loop", "plan");
    }

    @Test
    void logsOnlyErrorsOfLibraries() {
        LogWriter writer = writer(LogSettings.DEFAULT);
        writer.install();

        LoggerFactory.getLogger("io.fabric8.kubernetes.client.Some").warn("a warning");
        LoggerFactory.getLogger("io.fabric8.kubernetes.client.Some").error("an error");
        LoggerFactory.getLogger("io.fabric8.kubernetes.client.informers.impl.cache.Reflector")
                .error("again and again");

        assertThat(err.toString().lines().map(line -> line.split("] ", 2)[1])).containsExactly("an error");
    }

    @Test
    void writesKeysAndValuesAsFieldsInJson() {
        LogWriter writer = writer(new LogSettings(true, 0, List.of(), false));
        writer.install();

        LoggerFactory.getLogger("io.fairlead.agent.Some")
                .atInfo()
                .addKeyValue("services", 10)
                .log("planned {}", "all");

        assertThat(json().path("msg").asString()).isEqualTo("planned all");
        assertThat(json().path("services").asInt()).isEqualTo(10);
    }
}
