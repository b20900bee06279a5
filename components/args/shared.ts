/** A mesh that another stack owns, as that mesh's `export` output tells it: plain data, known before any resource. */
export interface SharedMesh {
  /** Version of this format: 1. */
  version: number;
  /** Stack that owns the mesh: organization/project/stack. */
  stack: string;
  /** Name of the mesh. */
  name: string;
  /** Namespace of what names none. */
  namespace: string;
  /** What the mesh runs on. */
  backend: string;
  /** SPIFFE trust domain of every identity. */
  trustDomain: string;
  /** Namespaces that anything in the mesh names. */
  namespaces: string[];
  /** Services of the mesh. */
  services: SharedService[];
  /** What the owner's resources are called in their cloud, by id and output; empty in a cluster. */
  ids: Record<string, Record<string, string>>;
  /** The owner's mesh as JSON, without what only runs there: images, environments, pod templates. */
  document: string;
}

/** One service of a shared mesh. */
export interface SharedService {
  /** Name that clients call. */
  name: string;
  /** Kubernetes namespace. */
  namespace: string;
  /** Stack that owns it, and with it its routes and policies. */
  owner: string;
  /** Where clients call it. */
  address: string;
  /** Ports that it serves. */
  ports: number[];
  /** Its versions, in the order written. */
  versions: string[];
}
