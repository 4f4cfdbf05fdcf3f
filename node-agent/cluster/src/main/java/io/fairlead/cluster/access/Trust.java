package io.fairlead.cluster.access;

/** The rule by which the certificate of a server is accepted. */
public sealed interface Trust {

    /** Accepts certificates that an authority of the operating system has signed. */
    record OfSystem() implements Trust {}

    /**
     * Accepts certificates that one of the given authorities has signed.
     *
     * @param pem the certificates of the authorities
     */
    record Authorities(PemSource pem) implements Trust {}

    /** Accepts all certificates ({@code insecure-skip-tls-verify}). */
    record Unchecked() implements Trust {}
}
