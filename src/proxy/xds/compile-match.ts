import { systemRandom } from "../core/random";
import {
  GrpcCondition,
  HeaderCondition,
  QueryCondition,
  ShareCondition,
  type RouteCondition,
} from "../routing/conditions";
import { pathTest, PatternPath, RegexTest, stringTest, type PathTest, type StringTest } from "../routing/matchers";
import type { CompileContext } from "./compile-context";
import { compileFraction } from "./compile-fraction";
import type { HeaderMatcher, QueryParameterMatcher, RouteMatch, StringMatcher } from "./messages";

/** A StringMatcher as a test; reports a pattern that RE2 refuses. */
export function compileString(matcher: StringMatcher, path: string, context: CompileContext): StringTest | undefined {
  const { exact, prefix, suffix, contains, safe_regex: regex, ignore_case: ignoreCase } = matcher;
  if (exact !== undefined) return stringTest({ exact, ignoreCase });
  if (prefix !== undefined) return stringTest({ prefix, ignoreCase });
  if (suffix !== undefined) return stringTest({ suffix, ignoreCase });
  if (contains !== undefined) return stringTest({ contains, ignoreCase });
  if (regex !== undefined)
    return context.try(`${path}.safe_regex.regex`, () => new RegexTest(regex.regex, context.maxProgramSize));
  context.error(path, "says nothing to match");
  return undefined;
}

export function compileHeader(
  matcher: HeaderMatcher,
  path: string,
  context: CompileContext,
): HeaderCondition | undefined {
  const { name, string_match: text, range_match: range, present_match: present, invert_match: invert } = matcher;
  const empty = matcher.treat_missing_header_as_empty;
  const lower = name.toLowerCase();
  if (text !== undefined) {
    const test = compileString(text, `${path}.string_match`, context);
    return test && new HeaderCondition(lower, test, invert, empty);
  }
  if (range !== undefined) return new HeaderCondition(lower, range, invert, empty);
  return new HeaderCondition(lower, undefined, invert, empty, present === false);
}

export function compileQuery(
  matcher: QueryParameterMatcher,
  path: string,
  context: CompileContext,
): QueryCondition | undefined {
  const { name, string_match: text, present_match: present } = matcher;
  if (text === undefined) return new QueryCondition(name, undefined, present === false);
  const test = compileString(text, `${path}.string_match`, context);
  return test && new QueryCondition(name, test);
}

/** The path test of a route; undefined after an error. */
export function compilePath(match: RouteMatch, path: string, context: CompileContext): PathTest | undefined {
  const caseSensitive = match.case_sensitive !== false;
  if (match.prefix !== undefined) return pathTest({ prefix: match.prefix, caseSensitive });
  if (match.path !== undefined) return pathTest({ path: match.path, caseSensitive });
  const separatedPrefix = match.path_separated_prefix;
  if (separatedPrefix !== undefined) return pathTest({ separatedPrefix, caseSensitive });
  const regex = match.safe_regex?.regex;
  if (regex !== undefined)
    return context.try(`${path}.safe_regex.regex`, () => new PatternPath(new RegexTest(regex, context.maxProgramSize)));
  context.unserved(`${path}.connect_matcher`, match.connect_matcher !== undefined);
  return undefined;
}

export function compileConditions(match: RouteMatch, path: string, context: CompileContext): RouteCondition[] {
  const conditions: (RouteCondition | undefined)[] = [
    ...match.headers.map((m, i) => compileHeader(m, `${path}.headers[${i}]`, context)),
    ...match.query_parameters.map((m, i) => compileQuery(m, `${path}.query_parameters[${i}]`, context)),
  ];
  if (match.grpc !== undefined) conditions.push(new GrpcCondition());
  const share = compileFraction(match.runtime_fraction?.default_value);
  if (share !== undefined) conditions.push(new ShareCondition(share, systemRandom()));
  return conditions.filter((c) => c !== undefined);
}
