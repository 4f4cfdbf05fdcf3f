package io.fairlead.iptables.diff;

import io.fairlead.core.plan.Origin;

/** One line of an input of iptables-restore, with whose it is. */
public record Line(String text, Origin origin) {}
