/**
 * What a change of the kernel's rules consists of, for people and programs that review it. Entry type:
 * {@link io.fairlead.core.change.ChangeReport}.
 */
@NullMarked
package io.fairlead.core.change;

import org.jspecify.annotations.NullMarked;
