/**
 * The seam to other programs: what to run and what came of it, as data. Entry type:
 * {@link io.fairlead.core.process.ProcessRunner}. No process is started here.
 */
@NullMarked
package io.fairlead.core.process;

import org.jspecify.annotations.NullMarked;
