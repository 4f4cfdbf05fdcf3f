/** What the readers of rules share. Entry type: {@link io.fairlead.explain.read.ReadException}. */
@NullMarked
package io.fairlead.explain.read;

import org.jspecify.annotations.NullMarked;
