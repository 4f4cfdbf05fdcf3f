/**
 * Tests of faults around a running agent: kills, full disks, missing programs, dead connections, refused changes, and
 * rules that other programs change.
 */
@NullMarked
package io.fairlead.e2e.faults;

import org.jspecify.annotations.NullMarked;
