import type { LogRecord } from '@faultline/bus';
import type { Scope } from '@faultline/model';
import {
  type Change,
  codecs,
  type DeclaredGraph,
  type Decoded,
  type Input,
  recordTypeHeader,
  recordTypes,
} from '@faultline/model';

export interface ScopedInput {
  readonly scope: Scope;
  readonly input: Input;
}

/** What a record asks the core to take, and of which scope. Never throws: bytes may be anybody's. */
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
  return decoded.ok ? { ok: true, value: { scope: decoded.value.scope, input: toInput(decoded.value) } } : decoded;
}
