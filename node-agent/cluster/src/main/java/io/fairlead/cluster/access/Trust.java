package io.fairlead.cluster.access;

/** Which certificates of a server are accepted. */
public sealed interface Trust {

    /** Those signed by the authorities that the operating system trusts. */
    record OfSystem() implements Trust {}

    /** Those signed by these authorities alone. */
    record Authorities(PemSource pem) implements Trust {}

    /** Any: {@code insecure-skip-tls-verify}. */
    record Unchecked() implements Trust {}
}
