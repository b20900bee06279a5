/** Inputs that fuzzing, or a look at the code beside it, once found telling: each runs in every place of a cut. */
export const regressions: readonly (readonly [name: string, latin1: string])[] = [
  ["CR at the end of a piece", "GET / HTTP/1.1\r\nHost: a\r\n\r"],
  [
    "an end inside the last chunk",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
  ],
  ["LF first", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["an empty line between requests", "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a refused request before a good one", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"],
];
