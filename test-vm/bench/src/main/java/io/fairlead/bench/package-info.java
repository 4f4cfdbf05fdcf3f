/** The command {@code fairlead bench}: benchmarks of single backends, each in its own network namespaces. */
@NullMarked
package io.fairlead.bench;

import org.jspecify.annotations.NullMarked;
