/**
 * What both backends have in common: rules, changes of rules and their report, and what can be done with them. Entry
 * type: {@link io.fairlead.core.rules.Backend}.
 */
@NullMarked
package io.fairlead.core.rules;

import org.jspecify.annotations.NullMarked;
