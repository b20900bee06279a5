import { explained } from "../../components/local/explain";

/** As kube-apiserver 1.36 and Pulumi's Kubernetes provider word them. */
const unknownKind =
  'creation of resource with name shop/echo failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: no matches for kind "VirtualService" in version "networking.istio.io/v1"';
const conflict =
  'Server-Side Apply field conflict detected: Apply failed with 1 conflict: conflict with "kube-controller-manager": .spec.replicas';

it("says what to do where a cluster does not know the mesh's kinds", () => {
  expect(explained(unknownKind)).toContain(`${unknownKind}\n    MESH4018: The cluster does not know this kind`);
});

it("says who may own a field that another manager holds", () => {
  expect(explained(conflict)).toMatch(/\n {4}MESH4019: Another manager owns this field.*ignoreChanges.*patchForce/);
});

it("leaves every other message as it is", () => {
  expect(explained("spec.http[0].timeout: Invalid value")).toBe("spec.http[0].timeout: Invalid value");
});
