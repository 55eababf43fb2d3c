/** Refuting tests of what only happened at a service, a restart, an alert or a change, and may be a consequence or chance. */

import { contrastChange } from '../../compare/change/contrast.ts';
import { changedService } from '../../describe/changes.ts';
import { formatSeconds } from '../../finding/format.ts';
import { notRun, type RefutingTest, refuted, survived } from '../../finding/refutation.ts';
import { restartsOf } from '../restarts.ts';

/** The onset is known to about a slice and a window. */
const slackMs = 60_000;

/** A cause does not come after its effect. Where no signal tells when the harm began, the first alert stands in. */
export const restartFirst: RefutingTest = ({ context, lead: { service } }) => {
  const { onset, input } = context;
  const effect = onset.isSeen ? 'the harm' : 'the first alert';
  const test = `if the restart were a consequence, ${effect} would have come well before it`;
  const times = restartsOf(context).flatMap(({ row, atMs }) => (row.service === service ? [atMs] : []));
  const lateMs = Math.min(...times) - (onset.isSeen ? onset.atMs : input.startedAtMs);
  const how = `it came ${formatSeconds(lateMs)} ${lateMs > 0 ? 'before' : 'after'}`;
  return lateMs <= slackMs ? survived(test, how) : refuted(test, how);
};

/** An alert is somebody's word for it: the service's own telemetry is asked. */
export const ownTelemetry: RefutingTest = ({ context, lead: { service }, disturbed }) => {
  const test = `if the alert were false, ${service} would answer as ever`;
  const isKnown =
    context.traced.has(service) ||
    context.edges.some(({ callee }) => callee === service) ||
    context.shifts.some(({ shift }) => shift.row.service === service);
  if (!isKnown) return notRun(test, `no telemetry of ${service}`);
  return disturbed.has(service) ? survived(test, 'it is slower or fails') : refuted(test, 'it does');
};

/** A version is at fault where its instances suffer and those of the old one, in the same minutes, do not. */
export const oldVersionWell: RefutingTest = ({ context, lead }) => {
  const { service } = lead;
  const test = `if the change were innocent, instances of ${service} that it did not touch would suffer no less`;
  const change = context.input.changes.find(({ id }) => lead.entity === `change:${id}`);
  const { verdict, control } =
    change === undefined
      ? { verdict: 'unknown' as const, control: '' }
      : contrastChange(context, change, changedService(change));
  if (verdict === 'unknown') return notRun(test, 'no instances of both sides served since');
  return verdict === 'guilty' ? survived(test, control) : refuted(test, control);
};
