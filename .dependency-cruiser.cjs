/** The import table of docs/architecture.md, held by lint. One line a room: what it may import of ours. */
const rooms = {
  "src/model": [],
  "src/plan": [],
  "src/capabilities": ["src/model"],
  "src/renderers": ["src/model", "src/capabilities", "src/plan"],
  "src/facts": ["src/model"],
  "src/checks": ["src/model", "src/capabilities", "src/facts"],
  "src/cost": ["src/model", "src/plan"],
  "src/proxy": [],
  "src/control": ["src/model", "src/renderers/proxy"],
  "src/host": ["src/model", "src/plan", "src/renderers", "src/control", "src/proxy"],
  "src/cli": ["src", "policy"],
  components: ["src"],
  stacks: ["components"],
  policy: ["src/facts", "src/checks", "src/cost", "src/model"],
};
const esc = (s) => s.replace(/[/.]/g, "\\$&");
const forbidden = Object.entries(rooms).map(([room, may]) => ({
  name: `${room.replace("/", "-")}-imports`,
  comment: `${room} imports of ours only: ${[room, ...may].join(", ")}`,
  severity: "error",
  from: { path: `^${esc(room)}/` },
  to: { path: "^(src|components|stacks|policy|test|bench)/", pathNot: [room, ...may].map((r) => `^${esc(r)}/`) },
}));
module.exports = {
  forbidden: [
    ...forbidden,
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "pulumi-only-at-the-edge",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "node_modules/@pulumi" },
    },
    // Renderers do not know each other; what they share lives in src/renderers itself.
    {
      name: "renderers-apart",
      severity: "error",
      from: { path: "^src/renderers/([^/]+)/" },
      to: { path: "^src/renderers/[^/]+/", pathNot: "^src/renderers/$1/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    exclude: { path: "dist" },
  },
};
