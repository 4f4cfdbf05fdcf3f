/**
 * Where the objects come from: an API server or files, both delivered as changes to one sink. Entry type:
 * {@link io.fairlead.agent.source.ClusterSource}. Knows nothing of rules.
 */
@NullMarked
package io.fairlead.agent.source;

import org.jspecify.annotations.NullMarked;
