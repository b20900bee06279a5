import { z } from "zod";
import { type Component, componentNames } from "./components";

/** Numbers may be written as text, so that no digit is lost; ranges are checked where the line is known. */
const decimal = z.union([z.number(), z.string()]);
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a date, as 2026-11-23");
const text = z.string().min(1);

export const entrySchema = z.strictObject({
  sku: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "a SKU: lower-case words joined by dots, as aws.lattice.service"),
  provider: text,
  region: text.default("*"),
  unit: text,
  per: decimal.default(1),
  period: z.enum(["hour", "month"]).default("month"),
  scope: z.enum(["each", "account"]).default("each"),
  price: decimal.optional(),
  tiers: z.array(z.strictObject({ from: decimal, to: decimal.optional(), price: decimal })).optional(),
  ask: text.optional(),
  source: text,
  dateRead: date.optional(),
  note: text.optional(),
  contradictedBy: z.strictObject({ text, source: text, dateRead: date }).optional(),
  override: z.boolean().default(false),
});
export type Entry = z.infer<typeof entrySchema>;

export const priceBookSchema = z.strictObject({
  version: z.literal(1),
  name: text,
  title: text.optional(),
  dateRead: date,
  currency: z.string().regex(/^[A-Z]{3}$/, "an ISO 4217 currency, as USD"),
  covers: z.array(z.enum(componentNames as [Component, ...Component[]])).optional(),
  extends: z.array(text).default([]),
  pin: z.record(text, date).default({}),
  prices: z.array(entrySchema),
});
export type PriceBookDocument = z.infer<typeof priceBookSchema>;
