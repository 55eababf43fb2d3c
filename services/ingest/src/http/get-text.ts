/** Reads small pages, such as certificates. */

const timeoutMs = 5000;
const maxChars = 64 * 1024;

/** Null when the page cannot be read. Redirects are not followed: they would lead to hosts that nobody has checked. */
export async function getTextOverHttps(url: URL): Promise<string | null> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok || Number(response.headers.get('content-length') ?? 0) > maxChars) return null;
    return (await response.text()).slice(0, maxChars);
  } catch {
    return null;
  }
}
