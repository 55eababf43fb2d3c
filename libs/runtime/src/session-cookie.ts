/** The cookie in which a signed-in browser keeps its token. Scripts cannot read it. */

export const sessionCookieName = 'faultline_token';

const pattern = new RegExp(`(?:^|; *)${sessionCookieName}=([^;]+)`);

export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/** The `authorization` header. Without one, the token of the cookie in the form of that header. Undefined: there is none. */
export function authorizationOf({ authorization, cookie = '' }: CredentialHeaders): string | undefined {
  if (authorization !== undefined) return authorization;
  const value = pattern.exec(cookie)?.[1];
  if (value === undefined) return undefined;
  try {
    return `Bearer ${decodeURIComponent(value)}`;
  } catch {
    return undefined;
  }
}
