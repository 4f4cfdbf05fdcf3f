package io.fairlead.cli;

import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.time.TimeSource;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The environment of a command: all inputs and outputs of the process. Tests replace it.
 *
 * @param bytes standard output for archives. A command that writes to it must also flush it
 * @param terminal whether standard output is a terminal
 * @param processes runs programs in the network namespace of this process
 * @param trial runs each program in an empty network namespace
 * @param capabilities returns the Linux capabilities of this process
 * @param facts returns the files and pages of the node, for the name of a network namespace; "" for the namespace of
 *     this process
 * @param time the clock that all commands use
 * @param dialects creates the access to rules of iptables and nftables
 */
public record Surroundings(
        PrintWriter out,
        PrintWriter err,
        OutputStream bytes,
        InputStream in,
        Map<String, String> environment,
        boolean terminal,
        Supplier<String> hostName,
        ProcessRunner processes,
        ProcessRunner trial,
        Supplier<Capabilities> capabilities,
        Function<String, NodeFacts> facts,
        TimeSource time,
        Dialects dialects) {}
