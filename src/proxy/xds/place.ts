/** Where something is in a configuration. It becomes text only where something is wrong there. */
export class Place {
  static readonly root = new Place(undefined, "");

  private constructor(
    private readonly parent: Place | undefined,
    private readonly key: string | number,
  ) {}

  /** A field by its name, an element by its index, an entry of a map by its key as JSON text. */
  at(key: string | number): Place {
    return new Place(this, key);
  }

  toString(): string {
    const { parent, key } = this;
    if (parent === undefined) return "";
    const before = parent.toString();
    if (typeof key === "number" || key.startsWith('"')) return `${before}[${key}]`;
    return before === "" ? key : `${before}.${key}`;
  }
}
