package io.fairlead.cli;

import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.time.TimeSource;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Everything a command takes from outside; tests give their own.
 *
 * @param terminal whether standard output is one
 * @param capabilities what this process may do
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
        TimeSource time,
        Dialects dialects) {}
