/** A certificate's subject as text, in the form of RFC 2253 that OpenSSL and Envoy write. */
import { elements, objectId, only } from "./der";

const sequence = 0x30;
const set = 0x31;

/** Attributes that have a short name; others are written as numbers, with their value as hexadecimal DER. */
const shortNames: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.13": "description",
  "2.5.4.17": "postalCode",
  "2.5.4.41": "name",
  "2.5.4.42": "GN",
  "2.5.4.43": "initials",
  "2.5.4.44": "generationQualifier",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "1.2.840.113549.1.9.1": "emailAddress",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
};

/** Bytes a character in the string types of ASN.1; 0: UTF-8. */
const characterSizes: Readonly<Record<number, 0 | 1 | 2 | 4>> = {
  12: 0,
  18: 1,
  19: 1,
  20: 1,
  22: 1,
  26: 1,
  28: 4,
  30: 2,
};

/**
 * The DER of a Name, most specific part first. What could end a part, or the quotes around the whole, is escaped, so that
 * no certificate says more than its own fields; all of it is ASCII.
 */
export function distinguishedName(der: Buffer): string {
  return elements(der)
    .map((part) => {
      if (part.tag !== set) throw new Error("a name in the certificate is malformed");
      const attributes = elements(part.body).map(({ tag, body }) => {
        const [id, value, ...rest] = elements(body);
        if (tag !== sequence || id?.tag !== 6 || value === undefined || rest.length > 0)
          throw new Error("a name in the certificate is malformed");
        const dotted = objectId(id.body);
        const known = Object.hasOwn(shortNames, dotted) ? shortNames[dotted] : undefined;
        return known === undefined
          ? `${dotted}=${dump(value.tag, value.body)}`
          : `${known}=${valueText(value.tag, value.body)}`;
      });
      return attributes.reverse().join("+");
    })
    .reverse()
    .join(",");
}

/** The subject's Name in a certificate. */
export function subjectOf(certificate: Buffer): Buffer {
  const [tbs] = elements(only(certificate, sequence));
  const fields = elements(tbs?.body ?? Buffer.alloc(0));
  // [version], serial, algorithm, issuer, validity, subject
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  if (subject?.tag !== sequence) throw new Error("the certificate has no subject");
  return subject.body;
}

function valueText(tag: number, body: Buffer): string {
  const size = characterSizes[tag];
  if (size === undefined || (size > 1 && body.length % size !== 0)) return dump(tag, body);
  return escaped(size === 0 ? body : Buffer.from(characters(body, size)));
}

function characters(body: Buffer, size: 1 | 2 | 4): string {
  let text = "";
  for (let at = 0; at < body.length; at += size) {
    const code = body.readUIntBE(at, size);
    text += code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
  }
  return text;
}

const special = new Set([...',+"\\<>;'].map((c) => c.charCodeAt(0)));
const [space, hash] = [0x20, 0x23];

function escaped(utf8: Buffer): string {
  let text = "";
  utf8.forEach((code, at) => {
    const edge = at === 0 ? code === space || code === hash : at === utf8.length - 1 && code === space;
    if (code < 0x20 || code >= 0x7f) text += `\\${hex(code)}`;
    else if (edge || special.has(code)) text += `\\${String.fromCharCode(code)}`;
    else text += String.fromCharCode(code);
  });
  return text;
}

/** A value of another type as what it is. */
function dump(tag: number, body: Buffer): string {
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return `#${[tag, ...length, ...body].map(hex).join("")}`;
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0");
