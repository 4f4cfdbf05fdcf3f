package io.fairlead.cluster.access;

/** The certificates of a server that are accepted. */
public sealed interface Trust {

    /** Those that an authority of the operating system has signed. */
    record OfSystem() implements Trust {}

    /** Those that one of these authorities has signed. */
    record Authorities(PemSource pem) implements Trust {}

    /** All certificates: {@code insecure-skip-tls-verify}. */
    record Unchecked() implements Trust {}
}
