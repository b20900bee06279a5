/**
 * The shape that consumers of Infracost's JSON rely on, written from its published schema/infracost.schema.json (read
 * 2026-11-23): closed objects, amounts as decimal strings or null.
 */
const amount = { type: ["string", "null"], pattern: "^-?\\d+(\\.\\d+)?$" };
const text = { type: "string" };
const time = { type: "string", format: "date-time" };
const closed = (required: Record<string, unknown>, optional: Record<string, unknown> = {}) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional },
});
const list = (definition: string) => ({ type: "array", items: { $ref: `#/definitions/${definition}` } });
const counts = { type: "object", additionalProperties: { type: "integer" } };
const integer = { type: "integer" };

export const infracostSchema = {
  $ref: "#/definitions/Root",
  definitions: {
    Root: closed(
      {
        version: text,
        metadata: { $ref: "#/definitions/Metadata" },
        currency: text,
        projects: list("Project"),
        totalHourlyCost: amount,
        totalMonthlyCost: amount,
        pastTotalHourlyCost: amount,
        pastTotalMonthlyCost: amount,
        diffTotalHourlyCost: amount,
        diffTotalMonthlyCost: amount,
        timeGenerated: time,
        summary: { $ref: "#/definitions/Summary" },
      },
      {
        runId: text,
        shareUrl: text,
        cloudUrl: text,
        totalMonthlyUsageCost: amount,
        pastTotalMonthlyUsageCost: amount,
        diffTotalMonthlyUsageCost: amount,
      },
    ),
    Metadata: closed(
      {
        infracostCommand: text,
        vcsBranch: text,
        vcsCommitSha: text,
        vcsCommitAuthorName: text,
        vcsCommitAuthorEmail: text,
        vcsCommitTimestamp: time,
        vcsCommitMessage: text,
      },
      { vcsRepositoryUrl: text, usageFilePath: text },
    ),
    Project: closed({
      name: text,
      displayName: text,
      metadata: closed({ path: text, type: text }),
      pastBreakdown: { $ref: "#/definitions/Breakdown" },
      breakdown: { $ref: "#/definitions/Breakdown" },
      diff: { $ref: "#/definitions/Breakdown" },
      summary: { $ref: "#/definitions/Summary" },
    }),
    Breakdown: closed(
      { resources: list("Resource"), totalHourlyCost: amount, totalMonthlyCost: amount, totalMonthlyUsageCost: amount },
      { freeResources: list("Resource") },
    ),
    Resource: closed(
      { name: text, metadata: { type: "object" } },
      {
        resourceType: text,
        tags: { type: "object", additionalProperties: text },
        hourlyCost: amount,
        monthlyCost: amount,
        monthlyUsageCost: amount,
        costComponents: list("CostComponent"),
        subresources: list("Resource"),
      },
    ),
    CostComponent: closed(
      {
        name: text,
        unit: text,
        hourlyQuantity: amount,
        monthlyQuantity: amount,
        price: amount,
        hourlyCost: amount,
        monthlyCost: amount,
        priceNotFound: { type: "boolean" },
      },
      { usageBased: { type: "boolean" } },
    ),
    Summary: closed(
      {},
      {
        totalResources: integer,
        totalDetectedResources: integer,
        totalSupportedResources: integer,
        totalUnsupportedResources: integer,
        totalUsageBasedResources: integer,
        totalNoPriceResources: integer,
        supportedResourceCounts: counts,
        unsupportedResourceCounts: counts,
        noPriceResourceCounts: counts,
      },
    ),
  },
};
