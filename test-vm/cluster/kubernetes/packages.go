// Package cluster names what go.mod is for; it is not built.
package cluster

import (
	_ "k8s.io/kubernetes/test/e2e"
)
