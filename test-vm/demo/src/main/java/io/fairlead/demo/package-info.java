/**
 * The demo: a story in chapters for readers who are new to Services. Every claim is checked with real connections
 * through a real kernel. Entry type: {@link io.fairlead.demo.Demo}. It uses backends only through their common
 * interface, so the story is the same for all of them.
 */
@NullMarked
package io.fairlead.demo;

import org.jspecify.annotations.NullMarked;
