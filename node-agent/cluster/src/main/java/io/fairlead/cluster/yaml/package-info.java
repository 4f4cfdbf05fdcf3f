/**
 * Parses YAML text into nodes, within limits. Entry type: {@link io.fairlead.cluster.yaml.BoundedYaml}. This package
 * does not know what the text describes.
 */
@NullMarked
package io.fairlead.cluster.yaml;

import org.jspecify.annotations.NullMarked;
