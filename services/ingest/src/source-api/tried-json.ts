/** The result of a trial as JSON: what would be stored, without the copy of the body. */
import { type Alert, type Change, type Command, entityId } from '@faultline/model';
import type { TriedMapping } from '../mapping/try-mapping.ts';

export function triedJson(tried: TriedMapping) {
  const { missingHeaders } = tried;
  if (!tried.ok) return { ok: false, problem: tried.reason, items: [], notes: [], refused: [], missingHeaders };
  const { records, notes, refused } = tried;
  const { alerts = [], changes = [], commands = [] } = records;
  const items = [...alerts.map(alertItem), ...changes.map(changeItem), ...commands.map(commandItem)];
  return { ok: refused.length === 0, problem: '', items, notes, refused, missingHeaders };
}

function alertItem(alert: Alert) {
  const { name, status, severity, summary, labels, startsAtMs, endsAtMs, url, entities, scope, fingerprint } = alert;
  return {
    type: 'alert',
    title: name,
    fields: shown({
      entity: entityId(entities) || 'none',
      environment: scope.environment || 'not named',
      status,
      severity,
      key: fingerprint,
      summary,
      starts: iso(startsAtMs),
      ends: iso(endsAtMs),
      link: url,
      labels: Object.entries(labels)
        .map(([label, value]) => `${label}=${value}`)
        .join(', '),
    }),
  };
}

function changeItem(change: Change) {
  const { summary, kind, version, previousVersion, actor, startedAtMs, endedAtMs, url, entities, scope, release } =
    change;
  return {
    type: 'change',
    title: summary,
    fields: shown({
      entity: entityId(entities) || 'none',
      environment: scope.environment || 'not named',
      kind,
      version,
      before: previousVersion,
      actor,
      started: iso(startedAtMs),
      ended: iso(endedAtMs),
      link: url,
      commit: release?.commit ?? '',
      images: release?.images.join(', ') ?? '',
      commits: release == null || release.commits.length === 0 ? '' : String(release.commits.length),
    }),
  };
}

function commandItem({ incidentId, actor }: Command) {
  return { type: 'acknowledgement', title: incidentId, fields: shown({ actor }) };
}

function iso(ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString();
}

function shown(fields: Readonly<Record<string, string>>) {
  return Object.entries(fields).flatMap(([name, value]) => (value === '' ? [] : [{ name, value }]));
}
