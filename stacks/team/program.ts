import { AuthorizationPolicy, Mesh, MeshRoute, MeshService } from "../../components";
import type { TeamConfig } from "./config";

/** The team's own services, routes and policies, in whatever mesh the platform runs. */
export async function team({ platform, registry, canary }: TeamConfig): Promise<Mesh> {
  const shared = await Mesh.fromStack(platform);
  const mesh = new Mesh("team", { shared, namespaces: [{ name: "reviews" }] });
  const service = (name: string, versions: readonly string[], calls: readonly string[]) =>
    new MeshService(
      `reviews/${name}`,
      {
        calls: calls.map((callee) => ({ service: callee })),
        ports: [{ name: "http", port: 80, targetPort: 8080 }],
        versions: versions.map((version) => ({
          name: version,
          workload: {
            name: `${name}-${version}`,
            serviceAccount: name,
            container: { image: `${registry}/${name}:${version}`, port: 8080 },
          },
        })),
      },
      { parent: mesh },
    );
  service("reviews", ["v1", "v2"], ["reviews/ratings", "platform/identity"]);
  service("ratings", ["v1"], []);
  const to = (version: string, weight: number) => ({ service: "reviews/reviews", version, weight });
  new MeshRoute(
    "reviews/reviews",
    { service: "reviews/reviews", http: [{ timeout: "2s", backends: [to("v1", 100 - canary), to("v2", canary)] }] },
    { parent: mesh },
  );
  new AuthorizationPolicy(
    "reviews/ratings",
    { target: { service: "reviews/ratings" }, rules: [{ from: [{ services: ["reviews/reviews"] }] }] },
    { parent: mesh },
  );
  return mesh;
}
