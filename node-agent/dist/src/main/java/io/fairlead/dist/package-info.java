/**
 * The command {@code fairlead train}, which records the ahead-of-time cache. It has a small API server, so that the
 * cache also holds the classes that the agent uses between a watch event and the kernel. The product does not use it
 * afterwards.
 */
@NullMarked
package io.fairlead.dist;

import org.jspecify.annotations.NullMarked;
