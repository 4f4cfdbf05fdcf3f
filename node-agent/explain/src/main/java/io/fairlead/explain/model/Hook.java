package io.fairlead.explain.model;

/** The points at which the kernel calls chains for IP packets. */
public enum Hook {
    INGRESS,
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING,
    EGRESS
}
