/** An authority that every parser reads alike: a host name, IPv4 or bracketed IPv6 address, and maybe a port. */
const authorityForm = /^(?:[A-Za-z0-9._~!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

export function validAuthority(text: string): boolean {
  return authorityForm.test(text);
}

/** Parts of an absolute-form target; undefined when it is not an http(s) one, or holds user information. */
export function absoluteForm(target: string): { readonly authority: string; readonly path: string } | undefined {
  const found = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target);
  if (found === null) return undefined;
  const authority = found[1] as string;
  if (authority.includes("@") || !validAuthority(authority)) return undefined;
  const rest = found[2] as string;
  return { authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}
