/** Where a sender's token stands in its request. */
import { bearerToken } from '@faultline/runtime';

/**
 * `bearer`: `Authorization: Bearer TOKEN`. `basic`: the password of basic authentication. `query`: the parameter `token` of the address, for
 * senders that can set nothing else. A header of the sender's own carries the token after `prefix`.
 */
export type TokenPlace = 'bearer' | 'basic' | 'query' | { readonly header: string; readonly prefix?: string };

/** Of every source that declares nothing else. */
export const defaultTokenPlaces: readonly TokenPlace[] = ['bearer', 'basic', 'query'];

export interface TokenRequest {
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** The token of the first place that has one; null without one. */
export function tokenOf(request: TokenRequest, places: readonly TokenPlace[] = defaultTokenPlaces): string | null {
  for (const place of places) {
    const token = tokenAt(place, request);
    if (token !== null) return token;
  }
  return null;
}

function tokenAt(place: TokenPlace, { headers, query }: TokenRequest): string | null {
  if (place === 'bearer') return bearerToken(headers['authorization']);
  if (place === 'basic') return basicPassword(headers['authorization']);
  if (place === 'query') return typeof query['token'] === 'string' && query['token'] !== '' ? query['token'] : null;
  const value = headers[place.header] ?? '';
  const prefix = place.prefix ?? '';
  const isMatch = value.toLowerCase().startsWith(prefix.toLowerCase()) && value.length > prefix.length;
  return isMatch ? value.slice(prefix.length).trim() : null;
}

/** RFC 7617. The user name is not read. */
function basicPassword(authorization = ''): string | null {
  const encoded = /^basic +([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 || colon === text.length - 1 ? null : text.slice(colon + 1);
}
