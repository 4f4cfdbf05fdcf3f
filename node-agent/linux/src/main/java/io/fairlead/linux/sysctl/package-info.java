/** Reads files of the kernel below /proc and /sys. */
@NullMarked
package io.fairlead.linux.sysctl;

import org.jspecify.annotations.NullMarked;
