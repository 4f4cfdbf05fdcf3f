/**
 * Tests that send real packets through the rules of a node and compare the outcome with the model and the tracers.
 */
@NullMarked
package io.fairlead.e2e.packets;

import org.jspecify.annotations.NullMarked;
