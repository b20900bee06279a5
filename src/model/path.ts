/** Where something stands in a document: `routes[0].http[1]`, `services[0].labels["app.kubernetes.io/name"]`. */
export type Segment = string | number;

const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** The few keys of the format come again and again. */
const plain = new Map<string, boolean>();
function isPlain(segment: string): boolean {
  const known = plain.get(segment);
  if (known !== undefined) return known;
  const answer = PLAIN.test(segment);
  if (plain.size < 1000) plain.set(segment, answer);
  return answer;
}

/** One step further down; the empty path is the document itself. */
export function at(path: string, segment: Segment): string {
  if (typeof segment === "number") return `${path}[${segment}]`;
  if (!isPlain(segment)) return `${path}[${JSON.stringify(segment)}]`;
  return path === "" ? segment : `${path}.${segment}`;
}

export const formatPath = (segments: readonly Segment[]): string => segments.reduce<string>(at, "");

/** The inverse of `formatPath`. Text that is no path gives the segments up to where it stops being one. */
export function parsePath(path: string): Segment[] {
  const segments: Segment[] = [];
  const token = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  for (let match = token.exec(path); match !== null; match = token.exec(path)) {
    const [, name, index, quoted] = match;
    if (name !== undefined) segments.push(name);
    else if (index !== undefined) segments.push(Number(index));
    else segments.push(JSON.parse(quoted as string) as string);
  }
  return segments;
}

/** What stands at the path, or undefined. Looks at own properties only, and never inside an opaque leaf. */
export function valueAt(root: unknown, segments: readonly Segment[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<Segment, unknown>)[segment];
  }
  return value;
}
