import { RE2JS } from "re2js";

/** A test of one string. */
export interface StringTest {
  test(value: string): boolean;
}

/** Envoy's StringMatcher, one member of the one-of. */
export type StringMatchSpec =
  | { readonly exact: string; readonly ignoreCase?: boolean }
  | { readonly prefix: string; readonly ignoreCase?: boolean }
  | { readonly suffix: string; readonly ignoreCase?: boolean }
  | { readonly contains: string; readonly ignoreCase?: boolean }
  | { readonly regex: string };

export function stringTest(spec: StringMatchSpec): StringTest {
  if ("regex" in spec) return new RegexTest(spec.regex);
  const fold = spec.ignoreCase === true ? (s: string): string => s.toLowerCase() : (s: string): string => s;
  if ("exact" in spec) {
    const wanted = fold(spec.exact);
    return { test: (value) => fold(value) === wanted };
  }
  if ("prefix" in spec) {
    const wanted = fold(spec.prefix);
    return { test: (value) => fold(value).startsWith(wanted) };
  }
  if ("suffix" in spec) {
    const wanted = fold(spec.suffix);
    return { test: (value) => fold(value).endsWith(wanted) };
  }
  const wanted = fold(spec.contains);
  return { test: (value) => fold(value).includes(wanted) };
}

/** Envoy refuses larger programs unless the bootstrap's runtime layer raises `re2.max_program_size.error_level`. */
export const defaultProgramSize = 100;

/** RE2 semantics over the whole value: linear time whatever the pattern. */
export class RegexTest implements StringTest {
  private readonly pattern: RE2JS;

  /** Throws with re2's own message when the pattern does not parse, or is larger than `maxProgramSize` instructions. */
  constructor(source: string, maxProgramSize = defaultProgramSize) {
    this.pattern = RE2JS.compile(source);
    const size = this.pattern.programSize() + 2;
    if (size > maxProgramSize)
      throw new Error(`regex '${source}' RE2 program size of ${size} > max program size of ${maxProgramSize}`);
  }

  test(value: string): boolean {
    return this.pattern.testExact(value);
  }
}

/** A path that is compared as it is, so that it can be looked up. */
export interface LiteralPath {
  readonly kind: "exact" | "prefix" | "separated";
  /** In lower case where case does not count. */
  readonly text: string;
  /** Case does not count. */
  readonly folds: boolean;
}

/** What a route's path test sees: the path without query and fragment, as it will be forwarded. */
export interface PathTest {
  /** Undefined: a pattern. */
  readonly literal: LiteralPath | undefined;
  matches(path: string): boolean;
}

export type PathMatchSpec =
  | { readonly prefix: string; readonly caseSensitive?: boolean }
  | { readonly path: string; readonly caseSensitive?: boolean }
  | { readonly separatedPrefix: string; readonly caseSensitive?: boolean }
  | { readonly regex: string };

export function pathTest(spec: PathMatchSpec): PathTest {
  if ("regex" in spec) return new PatternPath(new RegexTest(spec.regex));
  const folds = spec.caseSensitive === false;
  const literal = (kind: LiteralPath["kind"], text: string): LiteralPath => ({
    kind,
    text: folds ? text.toLowerCase() : text,
    folds,
  });
  if ("path" in spec) return new ExactPath(literal("exact", spec.path));
  if ("prefix" in spec) return new PrefixPath(literal("prefix", spec.prefix));
  return new SeparatedPrefixPath(literal("separated", spec.separatedPrefix));
}

/** A regular expression over the whole path. */
export class PatternPath implements PathTest {
  readonly literal = undefined;
  constructor(private readonly regex: RegexTest) {}
  matches(path: string): boolean {
    return this.regex.test(path);
  }
}

class ExactPath implements PathTest {
  constructor(readonly literal: LiteralPath) {}
  matches(path: string): boolean {
    return seen(path, this.literal) === this.literal.text;
  }
}

class PrefixPath implements PathTest {
  constructor(readonly literal: LiteralPath) {}
  matches(path: string): boolean {
    return seen(path, this.literal).startsWith(this.literal.text);
  }
}

/** The prefix itself, or the prefix and then `/`. */
class SeparatedPrefixPath implements PathTest {
  constructor(readonly literal: LiteralPath) {}
  matches(path: string): boolean {
    const { text } = this.literal;
    const folded = seen(path, this.literal);
    if (!folded.startsWith(text)) return false;
    return folded.length === text.length || folded.charCodeAt(text.length) === 47;
  }
}

function seen(path: string, { folds }: LiteralPath): string {
  return folds ? path.toLowerCase() : path;
}
