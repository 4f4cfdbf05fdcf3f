/**
 * Scenarios: a folder with a small cluster, the flows that it is about, and the rules that both dialects render for it.
 * To add one, write {@code cluster.yaml} and {@code flows.yaml}, run the tests once with {@code -Dgolden.update=true},
 * and read the files that this wrote.
 */
@NullMarked
package io.fairlead.cli.scenario;

import org.jspecify.annotations.NullMarked;
