/**
 * Scenarios: a folder with a small cluster, the flows that show what it is about, and the rules that both backends make
 * of it. To add one, write {@code cluster.yaml} and {@code flows.yaml} and run the tests once with {@code
 * -Dgolden.update=true}; then read what was written.
 */
@NullMarked
package io.fairlead.cli.scenario;

import org.jspecify.annotations.NullMarked;
