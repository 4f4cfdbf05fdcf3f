/**
 * Tests scenarios. A scenario is a folder with a small cluster, flows with their expected outcomes, and the expected
 * rules for iptables and nftables. To add a scenario, write {@code cluster.yaml} and {@code flows.yaml}, run the tests
 * once with {@code -Dgolden.update=true}, and review the files with rules that the tests have written.
 */
@NullMarked
package io.fairlead.cli.scenario;

import org.jspecify.annotations.NullMarked;
