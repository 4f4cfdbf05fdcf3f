package io.fairlead.cli;

import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.time.TimeSource;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Everything that a command needs from outside. Tests replace it.
 *
 * @param terminal whether standard output is a terminal
 * @param capabilities the capabilities of this process
 * @param facts the files and pages of a network namespace by its name; "" for that of this process
 * @param time the only clock
 * @param dialects opens the dialect of a mode
 */
public record Surroundings(
        PrintWriter out,
        PrintWriter err,
        InputStream in,
        Map<String, String> environment,
        boolean terminal,
        Supplier<String> hostName,
        ProcessRunner processes,
        Supplier<Capabilities> capabilities,
        Function<String, NodeFacts> facts,
        TimeSource time,
        Dialects dialects) {}
