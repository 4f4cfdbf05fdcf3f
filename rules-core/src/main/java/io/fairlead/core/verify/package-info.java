/**
 * Verifies rules by their effect: packets to every frontend of a plan are traced through the rules, and each outcome is
 * compared with the outcome in the flow model. Entry type: {@link io.fairlead.core.verify.Verification}.
 */
@NullMarked
package io.fairlead.core.verify;

import org.jspecify.annotations.NullMarked;
