import type { LogRecord } from '@faultline/bus';
import {
  type Change,
  changeOfDrift,
  codecs,
  type DeclaredGraph,
  type Decoded,
  type Drift,
  type Input,
  parseScope,
  recordTypeHeader,
  recordTypes,
  type Scope,
  scopeKey,
  type WorkloadFinding,
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
      return decodeOnChanges(record.value, record.headers[recordTypeHeader]);
  }
}

/** The records of the `changes` topic. One without a type is a change. */
function decodeOnChanges(value: Uint8Array, type: string | undefined): Decoded<ScopedInput> {
  switch (type) {
    case recordTypes.declaredGraph:
      return scoped<DeclaredGraph>(codecs.declaredGraph.decode(value), (graph) => ({ kind: 'graph', graph }));
    case recordTypes.workloadFinding:
      return scoped<WorkloadFinding>(codecs.workloadFinding.decode(value), (finding) => ({ kind: 'finding', finding }));
    // A drift counts as the change that made it.
    case recordTypes.drift:
      return scoped<Drift>(codecs.drift.decode(value), (drift) => ({ kind: 'change', change: changeOfDrift(drift) }));
    default:
      return scoped<Change>(codecs.change.decode(value), (change) => ({ kind: 'change', change }));
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
