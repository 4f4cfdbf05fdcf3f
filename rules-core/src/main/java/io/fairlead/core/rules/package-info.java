/**
 * The common types of both backends: rules, changes and their report, and the operations on them. Entry type:
 * {@link io.fairlead.core.rules.Backend}.
 */
@NullMarked
package io.fairlead.core.rules;

import org.jspecify.annotations.NullMarked;
