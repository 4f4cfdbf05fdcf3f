package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.Problem;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints the problems of the input, one line for each problem, and the numbers of objects that were read. */
final class ProblemPrinter {

    private ProblemPrinter() {}

    static void print(PrintWriter err, ClusterInput input) {
        for (Problem problem : input.problems()) {
            err.println(problem.severity().name().toLowerCase(Locale.ROOT) + ": " + problem.text());
        }
        if (input.problems().stream().anyMatch(problem -> problem.severity() != Problem.Severity.NOTE)) {
            err.println("read: " + input.counts().text());
        }
        err.flush();
    }
}
