import type { Alert } from '@faultline/model';
import { expect, it } from 'vitest';
import type { AlertState } from '../state/state.ts';
import { decideTransition, type Transition } from './transition.ts';

const firing = { status: 'firing', severity: 'error', startsAtMs: 100, endsAtMs: null };
const resolved = { ...firing, status: 'resolved', endsAtMs: 200 };
const expired = { ...firing, status: 'expired', endsAtMs: 200 };

const cases: readonly [what: string, known: object | undefined, record: object, means: Transition][] = [
  ['first firing', undefined, firing, 'open'],
  ['an end without its firing', undefined, resolved, 'orphan'],
  ['firing again', firing, firing, 'duplicate'],
  ['firing, sent anew by its source', firing, { ...firing, startsAtMs: 150 }, 'duplicate'],
  ['firing, known to be earlier', firing, { ...firing, startsAtMs: 50 }, 'update'],
  ['firing, more severe', firing, { ...firing, severity: 'critical' }, 'update'],
  ['the end', firing, resolved, 'resolve'],
  ['an end older than the start', firing, { ...resolved, endsAtMs: 99 }, 'stale'],
  ['an end without a time', firing, { ...resolved, endsAtMs: null, receivedAtMs: 300 }, 'resolve'],
  ['the end again', resolved, resolved, 'duplicate'],
  ['the firing, after its end', resolved, firing, 'stale'],
  ['a new firing after the end', resolved, { ...firing, startsAtMs: 200 }, 'refire'],
  ['a record after it expired', expired, firing, 'refire'],
  ['the end of an expired one', expired, resolved, 'resolve'],
];

it.each(cases)('%s', (_what, known, record, means) => {
  expect(decideTransition(known as AlertState | undefined, record as Alert)).toBe(means);
});
