package io.fairlead.bench.cluster;

/** Thrown if a program of the benchmark ends or is not ready in time, or if a step of the benchmark fails. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
