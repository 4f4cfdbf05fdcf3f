/**
 * Tests with a real kernel: rules in a node's network namespace, real packets between namespaces. They need root and
 * are skipped, with that reason, without it.
 */
@NullMarked
package io.fairlead.vm;

import org.jspecify.annotations.NullMarked;
