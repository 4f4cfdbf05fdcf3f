package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;

/**
 * One check of the story.
 *
 * @param expected the expected result, in the same words as {@code seen}
 */
record Trial(ProxyMode mode, String tried, String expected, String seen, boolean asExpected) {}
