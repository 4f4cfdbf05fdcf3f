/** The clock, which tests replace with a clock that they set. Entry type: {@link io.fairlead.linux.time.TimeSource}. */
@NullMarked
package io.fairlead.linux.time;

import org.jspecify.annotations.NullMarked;
