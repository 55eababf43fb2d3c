/** Records what a real API server sends of each kind that the Kubernetes source reads. */
import { type JsonObject, resourceKinds } from '@faultline/kube/engine';
import type { Api } from './api.ts';
import { type RecordedLine, trimmed } from './recording.ts';

const ignored: ReadonlySet<string> = new Set(['BOOKMARK', 'ERROR']);

/** Most events are `Normal`, and the source reads none of those. */
const isRead = (object: JsonObject) => object['type'] !== 'Normal';

/** Lists each kind, watches it from there, and adds to `lines`. Resolves once all are listed; the watches end with the signal. */
export async function record(api: Api, lines: RecordedLine[], signal: AbortSignal): Promise<void> {
  for (const { group, version, plural, kind } of resourceKinds) {
    const path = group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
    const listed = await api.send('GET', path, undefined, undefined, [404]);
    const items = (listed['items'] ?? []) as readonly JsonObject[];
    const position = String((listed['metadata'] as JsonObject | undefined)?.['resourceVersion'] ?? '0');
    lines.push({ atMs: Date.now(), kind, list: items.filter(isRead).map(trimmed), version: position });
    if (listed['items'] === undefined) continue;
    const query = `?watch=1&timeoutSeconds=3600&resourceVersion=${position}`;
    const take = (line: string) => {
      const event = JSON.parse(line) as { readonly type: string; readonly object: JsonObject };
      if (!ignored.has(event.type) && isRead(event.object))
        lines.push({ atMs: Date.now(), kind, type: event.type, object: trimmed(event.object) });
    };
    void api.lines(`${path}${query}`, take, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
