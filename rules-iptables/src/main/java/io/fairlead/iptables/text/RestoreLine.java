package io.fairlead.iptables.text;

import io.fairlead.core.plan.Origin;

/**
 * One line of an input for iptables-restore.
 *
 * @param origin the Service port for which the line is written, or the node
 */
public record RestoreLine(String text, Origin origin) {}
