/** What a node holds: see the packages below. */
@NullMarked
package io.fairlead.inspect;

import org.jspecify.annotations.NullMarked;
