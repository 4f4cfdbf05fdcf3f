/**
 * What both backends say about an attempt to change the kernel. Entry type:
 * {@link io.fairlead.core.apply.ApplyFailedException}.
 */
@NullMarked
package io.fairlead.core.apply;

import org.jspecify.annotations.NullMarked;
