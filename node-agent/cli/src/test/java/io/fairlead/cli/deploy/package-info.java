/**
 * The manifests of the folder deploy, read as kustomize and the API server would: are they whole, and do they grant no
 * more than is needed? What the agent may ask the API server for is checked beside the agent's watch.
 */
@NullMarked
package io.fairlead.cli.deploy;

import org.jspecify.annotations.NullMarked;
