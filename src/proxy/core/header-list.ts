import { H, headerId, headerNames } from "./header-id";

/**
 * The header fields of one message: order and repeats kept, names in lower case, values latin1 (a character a byte, so
 * any byte survives). Nothing is keyed by a name from the wire; our own names are found by their id in O(1).
 */
export class HeaderList {
  private names: string[] = [];
  private values: string[] = [];
  private ids: number[] = [];
  /** Index of the first field with an id, −1 when there is none. */
  private readonly first = new Int16Array(H.Count).fill(-1);
  private length = 0;
  private removed = 0;

  /** How many fields there are. */
  get count(): number {
    return this.length - this.removed;
  }

  /** Appends a field whose name is lower case already. `id` must be the name's id, 0 for a name that has none. */
  add(id: number, name: string, value: string): void {
    const at = this.length++;
    this.names[at] = name;
    this.values[at] = value;
    this.ids[at] = id;
    if (id !== 0 && (this.first[id] as number) < 0) this.first[id] = at;
  }

  /** Appends a field by its name in lower case. */
  append(name: string, value: string): void {
    this.add(headerId(name), name, value);
  }

  has(id: H): boolean {
    return (this.first[id] as number) >= 0;
  }

  /** The first value of one of our own names. */
  get(id: H): string | undefined {
    const at = this.first[id] as number;
    return at < 0 ? undefined : this.values[at];
  }

  /** True when one of our own names occurs more than once. */
  repeated(id: H): boolean {
    const at = this.first[id] as number;
    if (at < 0) return false;
    for (let i = at + 1; i < this.length; i++) if (this.ids[i] === id) return true;
    return false;
  }

  /** All values of one of our own names joined by `separator`, as RFC 9110 §5.3 lets a recipient. */
  joined(id: H, separator = ","): string | undefined {
    const at = this.first[id] as number;
    if (at < 0) return undefined;
    let text = this.values[at] as string;
    for (let i = at + 1; i < this.length; i++) if (this.ids[i] === id) text += separator + (this.values[i] as string);
    return text;
  }

  /** All values of a lower-case name joined by commas; undefined when it is absent. */
  lookup(name: string): string | undefined {
    const id = headerId(name);
    if (id !== 0) return this.joined(id);
    let text: string | undefined;
    for (let i = 0; i < this.length; i++) {
      if (this.ids[i] === 0 && this.names[i] === name)
        text = text === undefined ? this.values[i] : `${text},${this.values[i]}`;
    }
    return text;
  }

  /** Each value of a lower-case name, in order. */
  all(name: string): string[] {
    const found: string[] = [];
    for (let i = 0; i < this.length; i++) if (this.names[i] === name) found.push(this.values[i] as string);
    return found;
  }

  /** Sets one of our own names to one value, in the place of the first; repeats go. */
  set(id: H, value: string): void {
    const at = this.first[id] as number;
    if (at < 0) return this.add(id, headerNames[id] as string, value);
    this.values[at] = value;
    for (let i = at + 1; i < this.length; i++) if (this.ids[i] === id) this.drop(i);
  }

  /** Sets a lower-case name to one value; repeats go. */
  put(name: string, value: string): void {
    const id = headerId(name);
    if (id !== 0) return this.set(id, value);
    this.delete(name);
    this.add(0, name, value);
  }

  remove(id: H): void {
    const at = this.first[id] as number;
    if (at < 0) return;
    for (let i = at; i < this.length; i++) if (this.ids[i] === id) this.drop(i);
    this.first[id] = -1;
  }

  /** Removes every field of a lower-case name. */
  delete(name: string): void {
    const id = headerId(name);
    if (id !== 0) return this.remove(id);
    for (let i = 0; i < this.length; i++) if (this.ids[i] === 0 && this.names[i] === name) this.drop(i);
  }

  /** Removes every field whose name begins with `prefix` (lower case). */
  deletePrefix(prefix: string): void {
    for (let i = 0; i < this.length; i++) {
      const name = this.names[i] as string;
      if (name.startsWith(prefix)) {
        const id = this.ids[i] as number;
        this.drop(i);
        if (id > 0) this.first[id] = -1;
      }
    }
  }

  /** Calls `visit` for each field in order. */
  forEach(visit: (name: string, value: string) => void): void {
    for (let i = 0; i < this.length; i++) {
      if (this.ids[i] !== gone) visit(this.names[i] as string, this.values[i] as string);
    }
  }

  /** The fields as an HTTP/1.1 message carries them, each line with its CRLF. */
  write(): string {
    let text = "";
    for (let i = 0; i < this.length; i++) {
      if (this.ids[i] !== gone) text += (this.names[i] as string) + ": " + (this.values[i] as string) + "\r\n";
    }
    return text;
  }

  /** Makes this list an equal, independent copy of `other`. */
  copyFrom(other: HeaderList): void {
    this.reset();
    for (let i = 0; i < other.length; i++) {
      const id = other.ids[i] as number;
      if (id !== gone) this.add(id, other.names[i] as string, other.values[i] as string);
    }
  }

  reset(): void {
    for (let i = 0; i < this.length; i++) {
      const id = this.ids[i] as number;
      if (id > 0) this.first[id] = -1;
      // Values are cut from the head they came in and would keep all of it alive.
      this.values[i] = "";
      this.names[i] = "";
    }
    this.length = 0;
    this.removed = 0;
  }

  private drop(at: number): void {
    this.ids[at] = gone;
    this.values[at] = "";
    this.names[at] = "";
    this.removed++;
  }
}

/** Marks a removed field: the others keep their places. */
const gone = -1;
