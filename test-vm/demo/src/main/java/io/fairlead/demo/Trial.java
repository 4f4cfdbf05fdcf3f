package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;

/**
 * Something that was tried.
 *
 * @param expected in the words in which {@code seen} would say it
 */
record Trial(ProxyMode mode, String tried, String expected, String seen, boolean asExpected) {}
