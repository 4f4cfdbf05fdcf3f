/**
 * The types that both backends share: rules, changes, reports of changes, and the operations on them. Entry type:
 * {@link io.fairlead.core.rules.Backend}.
 */
@NullMarked
package io.fairlead.core.rules;

import org.jspecify.annotations.NullMarked;
