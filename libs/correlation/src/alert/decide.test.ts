import type { Alert } from '@faultline/model';
import { expect, it } from 'vitest';
import { newAlert } from '../testing/played.ts';
import { type AlertDecision, decideAlert } from './decide.ts';

const record = (over: Partial<Alert> = {}) =>
  ({ name: 'Slow', source: 'am', labels: {}, entities: { service: 'db' }, status: 'firing', ...over }) as Alert;
const firing = (startsAtMs: number, over: Partial<Alert> = {}) => record({ startsAtMs, severity: 'error', ...over });
const ended = (endsAtMs: number) => record({ status: 'resolved', startsAtMs: 0, endsAtMs, receivedAtMs: 999 });
const known = (over: object) => newAlert({ service: 'db' }, { startsAtMs: 100, ...over });
const wasResolved = known({ status: 'resolved', endsAtMs: 200 });
const rule = { name: 'upgrade', match: { service: 'db' }, fromMs: 250, untilMs: 350 };

interface Case {
  readonly what: string;
  readonly known?: ReturnType<typeof known>;
  readonly open?: boolean;
  readonly record: Alert;
  readonly decision: AlertDecision;
}

const cases: readonly Case[] = [
  { what: 'a new alert', record: firing(100), decision: { kind: 'place', severity: 'error', startsAtMs: 100 } },
  { what: 'a new alert in the window of a rule', record: firing(300), decision: { kind: 'ignore', as: 'suppressed' } },
  {
    what: 'one that begins when the window ends',
    record: firing(350),
    decision: { kind: 'place', severity: 'error', startsAtMs: 350 },
  },
  {
    what: 'one that began before the window',
    record: firing(249),
    decision: { kind: 'place', severity: 'error', startsAtMs: 249 },
  },
  { what: 'an end without its firing', record: ended(200), decision: { kind: 'remember' } },
  { what: 'a repetition', known: known({}), record: firing(100), decision: { kind: 'ignore', as: 'duplicate' } },
  { what: 'the end', known: known({}), record: ended(200), decision: { kind: 'resolve', endsAtMs: 200 } },
  { what: 'an end before the start', known: known({}), record: ended(99), decision: { kind: 'ignore', as: 'stale' } },
  {
    what: 'a repetition after its incident was resolved, whatever its start',
    known: known({ incidentId: 'i' }),
    record: firing(300),
    decision: { kind: 'ignore', as: 'duplicate' },
  },
  {
    what: 'a lower severity after its incident was resolved',
    known: known({}),
    record: firing(100, { severity: 'warning' }),
    decision: { kind: 'ignore', as: 'duplicate' },
  },
  {
    what: 'a worse severity after its incident was resolved',
    known: known({}),
    record: firing(100, { severity: 'critical' }),
    decision: { kind: 'place', severity: 'critical', startsAtMs: 100 },
  },
  {
    what: 'a worse severity in the window of a rule',
    known: known({}),
    record: firing(300, { severity: 'critical' }),
    decision: { kind: 'ignore', as: 'suppressed' },
  },
  {
    what: 'a later start of a source that repeats the start',
    known: known({ repeatsStart: true }),
    record: firing(400),
    decision: { kind: 'place', severity: 'error', startsAtMs: 400 },
  },
  {
    what: 'another severity',
    known: known({}),
    open: true,
    record: firing(120, { severity: 'critical' }),
    decision: { kind: 'update', severity: 'critical', startsAtMs: 100 },
  },
  {
    what: 'an earlier start',
    known: known({}),
    open: true,
    record: firing(50),
    decision: { kind: 'update', severity: 'error', startsAtMs: 50 },
  },
  {
    what: 'firing again in an open incident keeps the first start',
    known: wasResolved,
    open: true,
    record: firing(300),
    decision: { kind: 'flap', severity: 'error', startsAtMs: 100 },
  },
  {
    what: 'firing again outside one is a new alert',
    known: wasResolved,
    record: firing(400),
    decision: { kind: 'place', severity: 'error', startsAtMs: 400 },
  },
  {
    what: 'firing again outside one, in the window of a rule',
    known: wasResolved,
    record: firing(300),
    decision: { kind: 'ignore', as: 'suppressed' },
  },
];

it.each(cases)('$what', ({ known: state, open = false, record: given, decision }) => {
  expect(decideAlert({ known: state, isInOpenIncident: open, suppress: [rule] }, given)).toEqual(decision);
});
