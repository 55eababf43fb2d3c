/** Inputs whose names are too long to be keys of the state. Everything else of an input may have any size: it is cut or written in chunks. */
import type { Input } from '@faultline/model';

const maxNameBytes = 4096;
/** Part of a record that one name may take: a key may hold three, each name twice as long where its signs are escaped. */
const partOfRecord = 16;

/** Why an input cannot be kept; null when it can. */
export function unfitReason(input: Input, maxRecordBytes: number): string | null {
  const maxBytes = Math.min(maxNameBytes, Math.floor(maxRecordBytes / partOfRecord));
  for (const [name, value] of namesOf(input)) {
    const bytes = Buffer.byteLength(value);
    if (bytes > maxBytes) return `${name} has ${bytes} bytes; at most ${maxBytes} can be kept`;
  }
  return null;
}

function namesOf(input: Input): readonly (readonly [name: string, value: string])[] {
  switch (input.kind) {
    case 'alert': {
      const { source, fingerprint, scope } = input.alert;
      return [['source', source], ['fingerprint', fingerprint], ...scopeNames(scope)];
    }
    case 'change':
      return [['id', input.change.id], ['source', input.change.source], ...scopeNames(input.change.scope)];
    case 'graph':
      return [['source', input.graph.source], ...scopeNames(input.graph.scope)];
    case 'finding':
      return [['id', input.finding.id], ...scopeNames(input.finding.scope)];
    case 'command': {
      const { id, incidentId, scope } = input.command;
      return [['id', id], ['incident', incidentId], ...scopeNames(scope)];
    }
    default:
      return [];
  }
}

function scopeNames({ tenant, environment }: { readonly tenant: string; readonly environment: string }) {
  return [
    ['tenant', tenant],
    ['environment', environment],
  ] as const;
}
