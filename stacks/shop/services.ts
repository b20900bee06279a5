/** The shop's services and whom each calls: the call graph decides who may call whom. */
export const calls: Readonly<Record<string, readonly string[]>> = {
  frontend: ["catalogue", "cart", "checkout", "recommendation", "currency", "ads", "reviews"],
  catalogue: ["inventory"],
  cart: [],
  checkout: ["cart", "payment", "shipping", "currency", "email", "inventory"],
  payment: [],
  shipping: [],
  currency: [],
  recommendation: ["catalogue"],
  ads: [],
  email: [],
  inventory: [],
  reviews: [],
};

/** Services that call `name`. */
export const callersOf = (name: string): string[] =>
  Object.entries(calls).flatMap(([caller, callees]) => (callees.includes(name) ? [caller] : []));
