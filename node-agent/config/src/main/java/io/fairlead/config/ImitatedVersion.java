package io.fairlead.config;

/**
 * The version of the kube-proxy whose flags, configuration fields, metrics and behaviour Fairlead has. RELEASING.md
 * says what must change with it.
 */
public final class ImitatedVersion {
    /** The major version, for example "1". */
    public static final String MAJOR = "1";
    /** The minor version, for example "37". */
    public static final String MINOR = "37";
    /** The whole version in the form of a Kubernetes release, for example "v1.37.2". */
    public static final String GIT_VERSION = "v" + MAJOR + "." + MINOR + ".2";

    private ImitatedVersion() {}
}
