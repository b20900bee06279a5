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

/** What a route's path test sees: the path without query and fragment, as it will be forwarded. */
export interface PathTest {
  matches(path: string): boolean;
}

export type PathMatchSpec =
  | { readonly prefix: string; readonly caseSensitive?: boolean }
  | { readonly path: string; readonly caseSensitive?: boolean }
  | { readonly separatedPrefix: string; readonly caseSensitive?: boolean }
  | { readonly regex: string };

export function pathTest(spec: PathMatchSpec): PathTest {
  if ("regex" in spec) {
    const regex = new RegexTest(spec.regex);
    return { matches: (path) => regex.test(path) };
  }
  const folds = spec.caseSensitive === false;
  const fold = folds ? (s: string): string => s.toLowerCase() : undefined;
  if ("path" in spec) return new ExactPath(fold === undefined ? spec.path : fold(spec.path), folds);
  if ("prefix" in spec) return new PrefixPath(fold === undefined ? spec.prefix : fold(spec.prefix), folds);
  const wanted = spec.separatedPrefix;
  return new SeparatedPrefixPath(fold === undefined ? wanted : fold(wanted), folds);
}

class ExactPath implements PathTest {
  constructor(
    private readonly wanted: string,
    private readonly folds: boolean,
  ) {}
  matches(path: string): boolean {
    return (this.folds ? path.toLowerCase() : path) === this.wanted;
  }
}

class PrefixPath implements PathTest {
  constructor(
    private readonly wanted: string,
    private readonly folds: boolean,
  ) {}
  matches(path: string): boolean {
    return (this.folds ? path.toLowerCase() : path).startsWith(this.wanted);
  }
}

/** The prefix itself, or the prefix and then `/`. */
class SeparatedPrefixPath implements PathTest {
  constructor(
    private readonly wanted: string,
    private readonly folds: boolean,
  ) {}
  matches(path: string): boolean {
    const seen = this.folds ? path.toLowerCase() : path;
    if (!seen.startsWith(this.wanted)) return false;
    return seen.length === this.wanted.length || seen.charCodeAt(this.wanted.length) === 47;
  }
}
