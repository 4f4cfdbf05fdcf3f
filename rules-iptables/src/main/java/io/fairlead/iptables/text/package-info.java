/**
 * The text of iptables-restore and iptables-save: writer and reader side by side. Entry types:
 * {@link io.fairlead.iptables.text.RuleWriter} and {@link io.fairlead.iptables.text.SaveReader}. No process is
 * started here.
 */
@NullMarked
package io.fairlead.iptables.text;

import org.jspecify.annotations.NullMarked;
