/**
 * The source of the objects: an API server or files. Both deliver changes to one sink. Entry type: {@link
 * io.fairlead.agent.source.ClusterSource}. It does not know rules.
 */
@NullMarked
package io.fairlead.agent.source;

import org.jspecify.annotations.NullMarked;
