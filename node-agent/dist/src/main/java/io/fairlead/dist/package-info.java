/**
 * The command {@code fairlead train}, during which the JVM records its ahead-of-time cache. It contains a small API
 * server, so that the cache also contains the classes that the agent uses from a watch event to the change of rules.
 * The product does not use this package afterwards.
 */
@NullMarked
package io.fairlead.dist;

import org.jspecify.annotations.NullMarked;
