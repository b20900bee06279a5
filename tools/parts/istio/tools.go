//go:build tools

// Package parts pins istioctl and istiod, which judge the Istio renderer.
package parts

import (
	_ "istio.io/istio/istioctl/cmd/istioctl"
	_ "istio.io/istio/pilot/cmd/pilot-discovery"
)
