/**
 * The page for people, {@code /ui}: the Services of the plan and their rules, the last changes, traces and
 * verification, as HTML from the server. It computes nothing itself: it shows the values that the agent and the
 * commands also use. Templates (src/main/jte) are compiled with the module, and their classes are loaded at the first
 * request. Entry type: {@link io.fairlead.ui.UiSite}. This package knows no dialect and does not read the kernel;
 * {@link io.fairlead.ui.Questions} does.
 */
@NullMarked
package io.fairlead.ui;

import org.jspecify.annotations.NullMarked;
