/** The command {@code fairlead bench}: benchmarks of the backends alone, each in namespaces of its own. */
@NullMarked
package io.fairlead.bench;

import org.jspecify.annotations.NullMarked;
