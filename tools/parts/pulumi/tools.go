//go:build tools

// Package parts pins the Pulumi engine that the end-to-end suites run on.
package parts

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
