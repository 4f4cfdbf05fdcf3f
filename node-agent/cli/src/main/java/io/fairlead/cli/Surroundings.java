package io.fairlead.cli;

import io.fairlead.agent.time.TimeSource;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.ProcessRunner;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Everything a command takes from outside; tests give their own.
 *
 * @param terminal whether standard output is one
 * @param capabilities what this process may do
 * @param time the only clock
 * @param backends opens the backend of a mode on a runner that may be inside a network namespace
 * @param rawTables what nf_tables says of the tables of iptables in a network namespace, which "" stands for this process's
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
        BiFunction<ProxyMode, ProcessRunner, Backend<?, ?>> backends,
        Function<String, RawTables> rawTables) {}
