/** The clock, which tests can hold still. Entry type: {@link io.fairlead.linux.time.TimeSource}. */
@NullMarked
package io.fairlead.linux.time;

import org.jspecify.annotations.NullMarked;
