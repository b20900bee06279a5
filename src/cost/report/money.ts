import type { Decimal } from "../decimal";

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const symbol = (currency: string): string => (currency === "USD" ? "$" : `${currency} `);

/** `$1,825.00`, `-$12.05`: rounded to cents, for reading. */
export function money(amount: Decimal, currency: string): string {
  const text = amount.toFixed(2);
  const [whole = "", cents = ""] = text.replace("-", "").split(".");
  return `${text.startsWith("-") && !/^-0\.00$/.test(text) ? "-" : ""}${symbol(currency)}${grouped(whole)}.${cents}`;
}
/** `$0.0006945`: every digit. */
export const unitPrice = (price: Decimal, currency: string): string => {
  const text = price.toString();
  const cents = text.split(".")[1] ?? "";
  return `${symbol(currency)}${cents.length < 2 ? price.toFixed(2) : text}`;
};
/** With its sign: `+$5.00`, `-$5.00`; `$0.00` has none. */
export function change(amount: Decimal, currency: string): string {
  return amount.isNegative || amount.isZero ? money(amount, currency) : `+${money(amount, currency)}`;
}
/** `1,460`, `0.0586`: at most four significant decimals. */
export function quantity(amount: Decimal): string {
  const [whole = "", fraction = ""] = amount.toFixed(4).split(".");
  const kept = fraction.replace(/0+$/, "");
  return kept === "" ? grouped(whole) : `${grouped(whole)}.${kept}`;
}
