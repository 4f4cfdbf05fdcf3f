package io.fairlead.agent.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * {@code /debug/pprof/} and {@code /debug/flags/v}, served if {@code enableProfiling} is on. A JVM does not have Go's
 * profiles. The threads, the memory and the command line are served as plain text under the paths of pprof. For the
 * other profiles, the answer names tools to use instead.
 *
 * @param verbosity receives the verbosity that a client writes to {@code /debug/flags/v}
 */
public record DebugPages(IntConsumer verbosity) {
    private static final String PREFIX = "/debug/pprof/";
    private static final List<String> REFUSED = List.of("allocs", "block", "mutex", "profile", "symbol", "trace");

    SortedMap<String, Page.Source> pages() {
        SortedMap<String, Page.Source> pages = new TreeMap<>();
        pages.put(PREFIX, _ -> Page.text(200, index()));
        pages.put(PREFIX + "goroutine", _ -> Page.text(200, threads()));
        pages.put(PREFIX + "threadcreate", _ -> Page.text(200, threads()));
        pages.put(PREFIX + "heap", _ -> Page.text(200, memory()));
        pages.put(PREFIX + "cmdline", _ -> Page.text(200, commandLine()));
        REFUSED.forEach(
                name -> pages.put(
                        PREFIX + name,
                        _ -> Page.text(
                                501,
                                name
                                        + ": a JVM does not have this profile; use  jcmd PID JFR.start  or  jcmd PID Thread.print\n")));
        pages.put("/debug/flags/v", this::setVerbosity);
        return pages;
    }

    private static String index() {
        return "Profiles of a JVM, in plain text:\n"
                + PREFIX + "goroutine     every thread with its stack\n"
                + PREFIX + "heap          the memory that is free and used\n"
                + PREFIX + "cmdline       the command line of this process\n"
                + "Not served: " + String.join(", ", REFUSED) + "\n";
    }

    private static String threads() {
        StringBuilder out = new StringBuilder();
        Thread.getAllStackTraces().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Thread::getName)))
                .forEach(entry -> {
                    Thread thread = entry.getKey();
                    out.append(thread.getName())
                            .append(": ")
                            .append(thread.getState())
                            .append(thread.isDaemon() ? ", daemon\n" : "\n");
                    for (StackTraceElement frame : entry.getValue()) {
                        out.append("    at ").append(frame).append('\n');
                    }
                });
        return out.toString();
    }

    private static String memory() {
        Runtime runtime = Runtime.getRuntime();
        StringBuilder out = new StringBuilder();
        out.append("heap used       ")
                .append(runtime.totalMemory() - runtime.freeMemory())
                .append('\n');
        out.append("heap committed  ").append(runtime.totalMemory()).append('\n');
        out.append("heap limit      ").append(runtime.maxMemory()).append('\n');
        try {
            Files.readString(Path.of("/proc/self/smaps_rollup"), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> out.append(line).append('\n'));
        } catch (IOException e) {
            out.append("cannot read the memory of the process: ").append(e).append('\n');
        }
        return out.toString();
    }

    private static String commandLine() {
        try {
            return Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot be read: " + e + "\n";
        }
    }

    /**
     * Sets the verbosity of the log. The answers have the same texts as in kube-proxy, because scripts may search for
     * them.
     */
    private Page setVerbosity(Page.Request request) {
        if (!request.method().equals("PUT")) {
            return Page.text(406, "unrecognized http method: \"" + request.method() + "\"\n");
        }
        String text = request.body().strip();
        if (!text.matches("\\d{1,9}")) {
            return Page.text(400, "error setting v: not a number of 0 or more: \"" + text + "\"\n");
        }
        verbosity.accept(Integer.parseInt(text));
        return Page.text(200, "successfully set klog.logging.verbosity to " + text + "\n");
    }
}
