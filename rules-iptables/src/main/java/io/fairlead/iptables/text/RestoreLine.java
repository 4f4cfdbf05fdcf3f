package io.fairlead.iptables.text;

import io.fairlead.core.plan.Origin;

/**
 * One line of an input for iptables-restore.
 *
 * @param origin the origin of the chain or rule in the line; the node for the lines that begin and end the input
 */
public record RestoreLine(String text, Origin origin) {}
