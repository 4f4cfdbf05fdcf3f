/**
 * Reads and writes the text of iptables-restore and iptables-save. Entry types:
 * {@link io.fairlead.iptables.text.RuleWriter} and {@link io.fairlead.iptables.text.SaveReader}. This package starts no
 * process.
 */
@NullMarked
package io.fairlead.iptables.text;

import org.jspecify.annotations.NullMarked;
