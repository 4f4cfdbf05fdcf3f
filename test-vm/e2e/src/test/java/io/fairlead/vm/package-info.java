/**
 * Tests with a real kernel: rules in a node's network namespace, and real packets between namespaces. They need root;
 * without it they are skipped, and the reason is reported.
 */
@NullMarked
package io.fairlead.vm;

import org.jspecify.annotations.NullMarked;
