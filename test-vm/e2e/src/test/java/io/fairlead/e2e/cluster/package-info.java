/**
 * Tests of the agent with a real API server: changes, accounts, history, a dry run, and the swap with kube-proxy.
 */
@NullMarked
package io.fairlead.e2e.cluster;

import org.jspecify.annotations.NullMarked;
