package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;

/**
 * One check of the demo.
 *
 * @param tried a description of what was tried
 * @param expected the expected result, in the same words as {@code seen}
 * @param seen the actual result
 */
record Trial(ProxyMode mode, String tried, String expected, String seen, boolean asExpected) {}
