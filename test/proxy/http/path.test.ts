import { absoluteForm, validAuthority } from "../../../src/proxy/http/authority";
import { normalPath, type PathRules } from "../../../src/proxy/http/path";

const rules: PathRules = { normalizePath: true, mergeSlashes: false, escapedSlashes: "KEEP_UNCHANGED" };

test.each([
  ["/a/b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/./b/.", "/a/b/"],
  ["/../../x", "/x"],
  ["/a/..", "/"],
  ["/%2e%2e/x", "/x"],
  ["/a\\..\\b", "/b"],
  ["/%41%7e%2F", "/A~%2F"],
  ["/a//b", "/a//b"],
  ["/a/../b?x=/../y%2e", "/b?x=/../y%2e"],
  ["/a/..;/x", "/x"],
  ["/a/..;p=1/./.;/x", "/x"],
  ["/a/%2e%2e;/x", "/x"],
  ["/a;..;/...;/x", "/a;..;/...;/x"],
  ['/"<x>`{|}^', "/%22%3Cx%3E%60%7B%7C%7D%5E"],
])("%s becomes %s", (from, to) => {
  expect(normalPath(from, rules)?.path).toBe(to);
});

test("an escape that is none, or NUL, has no path", () => {
  for (const path of ["/%", "/%g0", "/%0", "/a%00"]) expect(normalPath(path, rules)).toBeUndefined();
});

test("escaped slashes: kept, refused, or unescaped before dots are removed; slashes merged last", () => {
  const act = (escapedSlashes: PathRules["escapedSlashes"], path = "/a%2f..%5Cb") =>
    normalPath(path, { ...rules, mergeSlashes: true, escapedSlashes });
  expect(act("KEEP_UNCHANGED")?.path).toBe("/a%2f..%5Cb");
  expect(act("REJECT_REQUEST")).toBeUndefined();
  expect(act("UNESCAPE_AND_FORWARD")).toEqual({ path: "/b", redirect: false });
  expect(act("UNESCAPE_AND_REDIRECT")).toEqual({ path: "/b", redirect: true });
  expect(act("UNESCAPE_AND_FORWARD", "/a%2f%2fb//c?d//e")?.path).toBe("/a/b/c?d//e");
});

test("normalising twice changes nothing", () => {
  for (const path of ["/a/%2e%2e/%2e/b", "/a\\\\..\\b", "/%252e%252e/x", "/x/..%2f.."]) {
    const once = normalPath(path, rules)?.path ?? "";
    expect(normalPath(once, rules)?.path).toBe(once);
  }
});

test("authorities", () => {
  for (const good of ["a", "a.b:80", "10.0.0.1", "[::1]:80", "a_b"])
    expect([good, validAuthority(good)]).toEqual([good, true]);
  for (const bad of ["", "a b", "a/b", "a@b", "a:", "a:x", "a:123456", "[::1", "a\\b", "a?b", "a,b:c"])
    expect([bad, validAuthority(bad)]).toEqual([bad, false]);
  expect(absoluteForm("http://a:1")).toEqual({ authority: "a:1", path: "/" });
  expect(absoluteForm("HTTP://a?x")).toEqual({ authority: "a", path: "/?x" });
  expect(absoluteForm("ftp://a/")).toBeUndefined();
});
