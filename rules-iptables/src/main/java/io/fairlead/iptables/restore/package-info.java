/**
 * The text of iptables-restore and iptables-save: writer and reader side by side. Entry types:
 * {@link io.fairlead.iptables.restore.RuleWriter} and {@link io.fairlead.iptables.restore.SaveReader}. No process is
 * started here.
 */
@NullMarked
package io.fairlead.iptables.restore;

import org.jspecify.annotations.NullMarked;
