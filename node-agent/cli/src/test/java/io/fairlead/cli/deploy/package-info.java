/**
 * Reads the manifests of the folder deploy as kustomize and the API server do, and checks that they are complete and
 * grant no more than is needed. The test beside the agent's watch checks the requests to the API server.
 */
@NullMarked
package io.fairlead.cli.deploy;

import org.jspecify.annotations.NullMarked;
