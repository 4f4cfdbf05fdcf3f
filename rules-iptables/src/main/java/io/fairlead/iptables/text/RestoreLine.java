package io.fairlead.iptables.text;

import io.fairlead.core.plan.Origin;

/**
 * One line of an input of iptables-restore.
 *
 * @param origin the Service port that the line is written for, or the node
 */
public record RestoreLine(String text, Origin origin) {}
