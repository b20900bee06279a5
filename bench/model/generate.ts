/** A mesh of any size, as YAML: per service five routes' worth of rules, two versions, a policy and three calls. */
export function meshOf(services: number, rulesPerRoute = 5): string {
  const lines = ["apiVersion: meshup/v1", "kind: Mesh", "metadata: { name: bench, namespace: ns-0 }", "spec:"];
  const ref = (i: number) => `{ name: s${i}, namespace: ns-${i % 20} }`;
  lines.push("  mtls: { mode: STRICT }", "  policies:", "    defaultDeny: true", "    authorization:");
  for (let i = 0; i < services; i++) {
    const callers = [i - 1, i - 7, i - 31].filter((c) => c >= 0).map(ref);
    const from = callers.length > 0 ? `[{ services: [${callers.join(", ")}] }]` : `[{ namespaces: [ns-0] }]`;
    lines.push(
      `      - { name: p${i}, namespace: ns-${i % 20}, target: { service: ${ref(i)} }, rules: [{ from: ${from} }] }`,
    );
  }
  lines.push("  services:");
  for (let i = 0; i < services; i++) {
    const calls = [i + 1, i + 7, i + 31].filter((c) => c < services).map(ref);
    lines.push(
      `    - name: s${i}`,
      `      namespace: ns-${i % 20}`,
      `      calls: [${calls.join(", ")}]`,
      "      ports: [{ name: http, port: 80, targetPort: 8080, protocol: http }]",
      "      versions:",
      `        - { name: v1, workload: { serviceAccount: s${i}, replicas: 2, container: { image: "s:1" } } }`,
      `        - { name: v2, workload: { serviceAccount: s${i}, replicas: 1, container: { image: "s:2" } } }`,
      "      traffic: { outlierDetection: { consecutive5xx: 5 }, connectionPool: { maxConnections: 100 } }",
    );
  }
  lines.push("  routes:");
  for (let i = 0; i < services; i++) {
    lines.push(`    - name: s${i}`, `      service: ${ref(i)}`, "      http:");
    for (let r = 0; r < rulesPerRoute - 1; r++)
      lines.push(
        `        - matches: [{ path: { prefix: /r${r} }, headers: [{ name: x-tenant, exact: t${r} }] }]`,
        `          backends: [{ service: ${ref(i)}, version: v1, weight: 90 }, { service: ${ref(i)}, version: v2, weight: 10 }]`,
        "          timeout: 5s",
      );
    lines.push(
      `        - backends: [{ service: ${ref(i)}, version: v1 }, { service: ${ref(i)}, version: v2, weight: 0 }]`,
    );
  }
  return lines.join("\n") + "\n";
}
