/** Tests of the project as a whole: its documents, its language and the size of its classes. */
@NullMarked
package io.fairlead.core.project;

import org.jspecify.annotations.NullMarked;
