import { codecs, recordTypeHeader, recordTypes } from '@faultline/model';
import { newDrift } from '@faultline/model/testing';
import { expect, it } from 'vitest';
import { decodeInput } from './decode.ts';

const drift = (value: Uint8Array) =>
  decodeInput({ topic: 'changes', value, headers: { [recordTypeHeader]: recordTypes.drift } });

it('a drift is the change that made it', () => {
  expect(drift(codecs.drift.encode(newDrift({ changeId: 'c7' })))).toMatchObject({
    ok: true,
    value: {
      scope: { tenant: 't' },
      input: { kind: 'change', change: { id: 'c7', kind: 'scale', actor: 'kubectl-edit' } },
    },
  });
});

it('a drift that cannot be decoded is no input', () => {
  expect(drift(new Uint8Array([1, 2])).ok).toBe(false);
});
