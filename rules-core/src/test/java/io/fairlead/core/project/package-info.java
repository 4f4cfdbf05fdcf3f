/** Tests of the project as a whole: its documents and its language. */
@NullMarked
package io.fairlead.core.project;

import org.jspecify.annotations.NullMarked;
