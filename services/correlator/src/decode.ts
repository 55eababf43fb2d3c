import type { LogRecord } from '@faultline/bus';
import {
  type Change,
  codecs,
  type DeclaredGraph,
  type Decoded,
  type Input,
  parseScope,
  recordTypeHeader,
  recordTypes,
  type Scope,
  scopeKey,
} from '@faultline/model';

interface ScopedInput {
  readonly scope: Scope;
  readonly input: Input;
}

/** The tenant is part of every key, and nobody may see an incident whose tenant is cut. */
export const maxTenantChars = 1000;

/** The input that a record holds, and its scope. Never throws, whatever the bytes are. */
export function decodeInput(record: Pick<LogRecord, 'topic' | 'value' | 'headers'>): Decoded<ScopedInput> {
  if (record.value === null) return { ok: false, reason: `${record.topic}: empty record` };
  switch (record.topic) {
    case 'alerts':
      return scoped(codecs.alert.decode(record.value), (alert) => ({ kind: 'alert', alert }));
    case 'commands':
      return scoped(codecs.command.decode(record.value), (command) => ({ kind: 'command', command }));
    default:
      return record.headers[recordTypeHeader] === recordTypes.declaredGraph
        ? scoped<DeclaredGraph>(codecs.declaredGraph.decode(record.value), (graph) => ({ kind: 'graph', graph }))
        : scoped<Change>(codecs.change.decode(record.value), (change) => ({ kind: 'change', change }));
  }
}

function scoped<Value extends { readonly scope: Scope }>(
  decoded: Decoded<Value>,
  toInput: (value: Value) => Input,
): Decoded<ScopedInput> {
  if (!decoded.ok) return decoded;
  const { scope } = decoded.value;
  // The keys of its state could not be parsed again.
  if (parseScope(scopeKey(scope)) === null) return { ok: false, reason: 'the scope holds a slash, or has no tenant' };
  if (scope.tenant.length > maxTenantChars)
    return { ok: false, reason: `the tenant has ${scope.tenant.length} characters` };
  return { ok: true, value: { scope, input: toInput(decoded.value) } };
}
