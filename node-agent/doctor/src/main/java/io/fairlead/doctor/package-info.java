/**
 * Checks a node for what makes Services fail or slow, and says what a change of the mode would change. All checks are
 * functions of {@link io.fairlead.doctor.Examined}, so that they are tested without a kernel. Entry type: {@link
 * io.fairlead.doctor.Doctor}. This package reads no file and runs no program.
 */
@NullMarked
package io.fairlead.doctor;

import org.jspecify.annotations.NullMarked;
