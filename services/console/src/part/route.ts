export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'sources' }
  | { readonly page: 'mapping'; readonly source: string }
  | { readonly page: 'incident'; readonly id: string }
  | { readonly page: 'none' };

/** The page that a path names. A slash at the end makes no difference. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'list' };
  if (/^\/sources\/?$/.test(path)) return { page: 'sources' };
  const source = /^\/mapping(?:\/([a-z0-9-]*))?\/?$/.exec(path);
  if (source !== null) return { page: 'mapping', source: source[1] ?? '' };
  const id = /^\/incidents\/([^/]+)\/?$/.exec(path)?.[1];
  if (id === undefined) return { page: 'none' };
  try {
    return { page: 'incident', id: decodeURIComponent(id) };
  } catch {
    return { page: 'none' };
  }
}
