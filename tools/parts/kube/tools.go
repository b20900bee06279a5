//go:build tools

// Package parts pins the Kubernetes API server that judges every rendered manifest, and the store behind it.
package parts

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
)
