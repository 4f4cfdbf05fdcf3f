/**
 * Tests in virtual machines with other kernels and tools. {@link io.fairlead.e2e.guest.GuestTest} writes
 * docs/compatibility.md.
 */
@NullMarked
package io.fairlead.e2e.guest;

import org.jspecify.annotations.NullMarked;
