/**
 * Reads the manifests in the folder deploy as kustomize and the API server do, and checks that they are complete and
 * grant no unnecessary rights. The class RoleTest in the module cluster compares the ClusterRole with the agent's
 * requests.
 */
@NullMarked
package io.fairlead.cli.deploy;

import org.jspecify.annotations.NullMarked;
