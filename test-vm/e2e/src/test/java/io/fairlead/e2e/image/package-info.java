/** Tests of the container image and of the manifests in deploy/. */
@NullMarked
package io.fairlead.e2e.image;

import org.jspecify.annotations.NullMarked;
