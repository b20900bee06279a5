import type { BackendName } from "../model/model";
import type { PriceBook } from "./price-book";

/** Where the proxies run, which says what a vCPU and a GB cost. */
export type PlatformName = "eks" | "fargate" | "gke" | "autopilot" | "self";
export type Provider = "aws" | "gcp" | "self";
export interface Platform {
  readonly name: PlatformName;
  readonly title: string;
  readonly provider: Provider;
  readonly vcpu: string;
  readonly memory: string;
  /** What one cluster costs; absent where there is none to pay for. */
  readonly cluster?: string;
}
export const platforms: Readonly<Record<PlatformName, Platform>> = {
  eks: {
    name: "eks",
    title: "Amazon EKS on EC2",
    provider: "aws",
    vcpu: "aws.ec2.vcpu",
    memory: "aws.ec2.memory",
    cluster: "aws.eks.cluster",
  },
  fargate: {
    name: "fargate",
    title: "AWS Fargate",
    provider: "aws",
    vcpu: "aws.fargate.vcpu",
    memory: "aws.fargate.memory",
  },
  gke: {
    name: "gke",
    title: "GKE Standard",
    provider: "gcp",
    vcpu: "gcp.gce.vcpu",
    memory: "gcp.gce.memory",
    cluster: "gcp.gke.cluster",
  },
  autopilot: {
    name: "autopilot",
    title: "GKE Autopilot",
    provider: "gcp",
    vcpu: "gcp.autopilot.vcpu",
    memory: "gcp.autopilot.memory",
    cluster: "gcp.gke.cluster-free-tier",
  },
  self: { name: "self", title: "your own machines", provider: "self", vcpu: "self.vcpu", memory: "self.memory" },
};
export const platformNames = Object.keys(platforms) as readonly PlatformName[];

/** The cloud that a backend is bound to; the others run anywhere. */
export const homeOf: Readonly<Partial<Record<BackendName, Provider>>> = {
  appmesh: "aws",
  "vpc-lattice": "aws",
  gcsm: "gcp",
  "istio-managed-csm": "gcp",
};
const defaultRegion: Readonly<Record<Provider, string>> = { aws: "us-east-1", gcp: "us-central1", self: "self" };
const defaultPlatform: Readonly<Record<Provider, PlatformName>> = { aws: "eks", gcp: "gke", self: "self" };
const PROVIDER_OF_REGION: readonly (readonly [RegExp, Provider])[] = [
  [/^self$/, "self"],
  [/^(us|eu|ap|sa|ca|mx|me|af|il|cn)(-gov)?-[a-z]+-\d$/, "aws"],
  [/^(us|europe|asia|australia|northamerica|southamerica|me|africa)-[a-z]+\d$/, "gcp"],
];
/** By the two clouds' ways of naming regions: `us-east-1` is AWS's, `us-central1` Google's. */
export const providerOfRegion = (region: string): Provider | undefined =>
  PROVIDER_OF_REGION.find(([form]) => form.test(region))?.[1];

export interface Where {
  readonly region: string;
  readonly platform: Platform;
}
export interface WhereAsked {
  readonly region?: string;
  readonly platform?: PlatformName;
}
/** Region and platform of an estimate, each defaulted from the other and the backend; or why they do not fit. */
export function locate(backend: BackendName, asked: WhereAsked, book: PriceBook): Where | { readonly problem: string } {
  const bound = homeOf[backend];
  const named =
    asked.region === undefined ? undefined : (providerOfRegion(asked.region) ?? bookProvider(book, asked.region));
  if (asked.region !== undefined && named === undefined) return { problem: `no region ${asked.region} is known` };
  const chosen = asked.platform && platforms[asked.platform];
  const provider = chosen?.provider ?? named ?? bound ?? "aws";
  for (const [what, is] of [
    [`region ${asked.region}`, named],
    [`platform ${asked.platform}`, chosen?.provider],
  ] as const)
    if (is !== undefined && is !== (bound ?? provider))
      return { problem: `${what} is not ${bound ? `where ${backend} runs` : `of platform ${asked.platform}`}` };
  return {
    region: asked.region ?? defaultRegion[provider],
    platform: chosen ?? platforms[defaultPlatform[provider]],
  };
}
function bookProvider(book: PriceBook, region: string): Provider | undefined {
  for (const regions of book.prices.values()) {
    const provider = regions.get(region)?.provider;
    if (provider === "aws" || provider === "gcp" || provider === "self") return provider;
  }
  return undefined;
}
