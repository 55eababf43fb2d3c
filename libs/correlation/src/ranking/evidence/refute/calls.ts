/** Refuting tests that ask other calls: of the same callee, of the same caller, or further down. */

import { isWorse } from '../../compare/degraded.ts';
import { formatPercent } from '../../finding/format.ts';
import {
  listed,
  notRun,
  type Refutation,
  type RefutingTest,
  refuted,
  type Suspicion,
  survived,
} from '../../finding/refutation.ts';
import { isInUse, otherCallees, otherCallers } from './neighbour.ts';
import { timeElsewhere } from './time.ts';

/** Errors and lost steps are a service's own only where what it calls answers it. */
export const relayed: RefutingTest = ({ context, lead: { service } }) => {
  const test = `if it came from below, calls from ${service} to something would fail or take longer`;
  // What fails on its own side comes from nobody below.
  const calls = context.edges.filter(
    (edge) => edge.caller === service && edge.callee !== service && isInUse(edge) && !context.callerFaults.has(edge),
  );
  const worse = calls.filter(isWorse).map(({ callee }) => callee);
  if (worse.length > 0) return refuted(test, `those to ${listed(worse)} do`);
  if (calls.length > 0) return survived(test, `those to ${listed(calls.map(({ callee }) => callee))} do not`);
  const callees = context.callees.get(service) ?? [];
  if (callees.length > 0)
    return notRun(test, `no calls to ${listed(callees)} were recorded on both sides of the onset`);
  return survived(test, 'it calls nothing that is known');
};

/** Several callers that suffer alike point at what they share; one alone may itself be at fault. */
export const fanIn: RefutingTest = (suspicion) => {
  const { context, lead } = suspicion;
  const { service } = lead;
  const test = `if the fault lay with one caller, other callers of ${service} would be served as before`;
  const callers = context.edges.filter(({ callee, during }) => callee === service && during.calls > 0);
  if (callers.length < 2) return soleCaller(suspicion, callers[0]?.caller ?? '');
  const hit = callers.filter(isWorse).map(({ caller }) => caller);
  if (hit.length * 2 >= callers.length)
    return survived(test, `${hit.length} of ${callers.length} callers suffer: ${listed(hit)}`);
  const well = callers.filter((edge) => !isWorse(edge)).map(({ caller }) => caller);
  if (lead.kind === 'unreachable' && hit.length === 0)
    return notRun(test, 'what failed left no record of whom it was meant for');
  return refuted(test, `${listed(well)} ${well.length === 1 ? 'is' : 'are'} served as before`);
};

/** One caller: if it were at fault, whatever it calls would look ill. */
function soleCaller(suspicion: Suspicion, caller: string): Refutation {
  const { context, lead } = suspicion;
  const { service } = lead;
  const test = `if the fault lay with ${caller || 'its caller'}, its other calls would suffer like those to ${service}`;
  const others = caller === '' ? [] : otherCallees(context, caller, service);
  if (others.length === 0)
    return lead.reason === 'silentSlow'
      ? timeElsewhere(suspicion)
      : notRun(
          test,
          caller === '' ? 'no caller was recorded' : `${caller} alone calls ${service}, and calls nothing else`,
        );
  const worse = others.filter(isWorse).map(({ callee }) => callee);
  return worse.length === 0
    ? survived(test, `those to ${listed(others.map(({ callee }) => callee))} do not`)
    : refuted(test, `those to ${listed(worse)} do`);
}

/** Calls that fail on the caller's side fail for nobody else. */
export const othersReachThem: RefutingTest = ({ context, lead: { service } }) => {
  const peers = [...context.callerFaults.keys()].filter(({ caller }) => caller === service).map(({ callee }) => callee);
  const test = `if ${listed(peers)} were at fault, calls from others to ${peers.length === 1 ? 'it' : 'them'} would fail too`;
  const others = peers.flatMap((peer) => otherCallers(context, service, peer));
  if (others.length === 0) return notRun(test, 'nobody else calls there');
  const worse = others.filter(isWorse).map(({ caller }) => caller);
  return worse.length === 0
    ? survived(
        test,
        `${listed([...new Set(others.map(({ caller }) => caller))])} reach${others.length === 1 ? 'es' : ''} there as before`,
      )
    : refuted(test, `those from ${listed([...new Set(worse)])} do`);
};

/** Whether a service without telemetry is missed: callers of one that is down fail, callers of one that is only unseen do not. */
export const missedByCallers: RefutingTest = ({ context, lead }) => {
  const { service } = lead;
  const isDown = lead.reason === 'down';
  const test = isDown
    ? `if only its telemetry were lost, callers of ${service} would still be served`
    : `if ${service} were down, its callers would fail`;
  const calls = context.edges.filter(({ callee, during }) => callee === service && during.calls > 0);
  if (calls.length === 0) return notRun(test, 'nobody was seen to call it since');
  const failures = calls.reduce((sum, { during }) => sum + during.errors, 0);
  const all = calls.reduce((sum, { during }) => sum + during.calls, 0);
  const how = `${formatPercent(failures / all)} of ${all} calls to it failed since`;
  return failures > 0 === isDown ? survived(test, how) : refuted(test, how);
};
