/**
 * Judging rules by what they do: packets to every frontend of a plan, traced through the rules and compared with the
 * model. Entry type: {@link io.fairlead.core.verify.Verification}.
 */
@NullMarked
package io.fairlead.core.verify;

import org.jspecify.annotations.NullMarked;
