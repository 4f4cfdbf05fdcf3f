/**
 * The demo: a story in chapters, told to somebody who is new to Services, in which every claim is tried with real
 * connections through a real kernel. Entry type: {@link io.fairlead.demo.Demo}. It uses backends through their
 * common interface only, so that each tells the same story.
 */
@NullMarked
package io.fairlead.demo;

import org.jspecify.annotations.NullMarked;
