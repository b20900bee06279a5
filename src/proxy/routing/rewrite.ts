import { RE2JS } from "re2js";
import { defaultProgramSize } from "./matchers";

/** What a route makes of the path. Targets are a path with its query. */
export interface PathRewrite {
  apply(target: string): string;
}

/** Replaces the matched prefix. */
export class PrefixRewrite implements PathRewrite {
  constructor(
    /** Characters of the path that the match took; undefined: all of it. */
    private readonly matched: number | undefined,
    private readonly replacement: string,
  ) {}

  apply(target: string): string {
    const { matched } = this;
    if (matched !== undefined) return this.replacement + target.slice(matched);
    const mark = target.indexOf("?");
    return this.replacement + (mark < 0 ? "" : target.slice(mark));
  }
}

/** Replaces every match of a pattern in the path; the query stays. `\\1` in the substitution is the first group. */
export class RegexRewrite implements PathRewrite {
  private readonly pattern: RE2JS;
  /** Text, and numbers of groups. */
  private readonly parts: readonly (string | number)[];

  /** Throws for users when the pattern or the substitution cannot be used. */
  constructor(source: string, substitution: string, maxProgramSize = defaultProgramSize) {
    this.pattern = RE2JS.compile(source);
    const size = this.pattern.programSize() + 2;
    if (size > maxProgramSize)
      throw new Error(`regex '${source}' RE2 program size of ${size} > max program size of ${maxProgramSize}`);
    this.parts = substitutionParts(substitution, this.pattern.groupCount());
  }

  apply(target: string): string {
    const mark = target.indexOf("?");
    const path = mark < 0 ? target : target.slice(0, mark);
    return this.replaceAll(path) + (mark < 0 ? "" : target.slice(mark));
  }

  /** As RE2's GlobalReplace: an empty match right behind another is none. */
  private replaceAll(text: string): string {
    const matcher = this.pattern.matcher(text);
    let out = "";
    let copied = 0;
    let last = -1;
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (start === end && start === last) continue;
      out += text.slice(copied, start);
      for (const part of this.parts) out += typeof part === "string" ? part : (matcher.group(part) ?? "");
      copied = last = end;
    }
    return out + text.slice(copied);
  }
}

function substitutionParts(text: string, groups: number): (string | number)[] {
  const parts: (string | number)[] = [];
  for (const piece of text.split(/(\\[^])/)) {
    if (piece === "\\\\") parts.push("\\");
    else if (/^\\\d$/.test(piece)) {
      const group = Number(piece.slice(1));
      if (group > groups) throw new Error(`substitution names group ${group}, the pattern has ${groups}`);
      parts.push(group);
    } else if (piece.includes("\\"))
      throw new Error(`substitution '${text}': a \\ stands before a digit or another \\`);
    else if (piece !== "") parts.push(piece);
  }
  return parts;
}
