export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'incident'; readonly id: string }
  | { readonly page: 'none' };

/** The page that a path names. A slash at the end makes no difference. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'list' };
  const id = /^\/incidents\/([^/]+)\/?$/.exec(path)?.[1];
  if (id === undefined) return { page: 'none' };
  try {
    return { page: 'incident', id: decodeURIComponent(id) };
  } catch {
    return { page: 'none' };
  }
}
