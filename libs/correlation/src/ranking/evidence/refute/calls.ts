/** Refuting tests that ask other calls: of the same callee, of the same caller, or further down. */
import { isWorse } from '../../compare/worse.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatPercent, listed } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import { isInUse, otherCallees, otherCallers } from './neighbour.ts';

type Lead = Pick<Finding, 'service'>;

/** Errors and lost patterns are a service's own only where what it calls answers it. */
export function relayed(
  { edges, callees, callerFaults }: Pick<RefutationInputs, 'edges' | 'callees' | 'callerFaults'>,
  { service }: Lead,
): Refutation {
  const test = `if it came from below, calls from ${service} to something would fail or take longer`;
  // A call that fails on its caller's side comes from nobody below.
  const calls = edges.filter(
    (edge) => edge.caller === service && edge.callee !== service && isInUse(edge) && !callerFaults.has(edge),
  );
  const worse = calls.filter(isWorse).map(({ callee }) => callee);
  if (worse.length > 0) return refuted(test, `those to ${listed(worse)} do`);
  if (calls.length > 0) return survived(test, `those to ${listed(calls.map(({ callee }) => callee))} do not`);
  const known = callees.get(service) ?? [];
  if (known.length > 0) return notRun(test, `no calls to ${listed(known)} were recorded on both sides of the onset`);
  return survived(test, 'it calls nothing that is known');
}

type EdgeInputs = Pick<RefutationInputs, 'edges' | 'attribution'>;

interface FanInOptions {
  /** The test to run where no other call can be compared. */
  readonly without?: ((inputs: EdgeInputs, lead: Lead) => Refutation) | undefined;
  /** Failed calls may leave no record of whom they were meant for. Then healthy callers refute nothing. */
  readonly leavesNoRecord?: boolean;
}

/** Several callers that suffer alike point at what they share. A single one may itself be at fault. */
export function fanIn(inputs: EdgeInputs, lead: Lead, options: FanInOptions): Refutation {
  const { service } = lead;
  const test = `if the fault lay with one caller, other callers of ${service} would be served as before`;
  const calls = inputs.edges.filter(({ callee, during }) => callee === service && during.calls > 0);
  if (calls.length < 2) return soleCaller(inputs, lead, { caller: calls[0]?.caller ?? '', without: options.without });
  const hit = calls.filter(isWorse).map(({ caller }) => caller);
  if (hit.length * 2 >= calls.length)
    return survived(test, `${hit.length} of ${calls.length} callers suffer: ${listed(hit)}`);
  const healthy = calls.filter((edge) => !isWorse(edge)).map(({ caller }) => caller);
  if (options.leavesNoRecord === true && hit.length === 0)
    return notRun(test, 'what failed left no record of whom it was meant for');
  return refuted(test, `${listed(healthy)} ${healthy.length === 1 ? 'is' : 'are'} served as before`);
}

/** If the sole caller were at fault, its other calls would look unhealthy too. */
function soleCaller(
  inputs: EdgeInputs,
  lead: Lead,
  { caller, without }: Pick<FanInOptions, 'without'> & { caller: string },
): Refutation {
  const { service } = lead;
  const test = `if the fault lay with ${caller || 'its caller'}, its other calls would suffer like those to ${service}`;
  const others = caller === '' ? [] : otherCallees(inputs, { caller, callee: service });
  if (others.length === 0 && without !== undefined) return without(inputs, lead);
  if (caller === '') return notRun(test, 'no caller was recorded');
  if (others.length === 0) return notRun(test, `${caller} alone calls ${service}, and calls nothing else`);
  const worse = others.filter(isWorse).map(({ callee }) => callee);
  return worse.length === 0
    ? survived(test, `those to ${listed(others.map(({ callee }) => callee))} do not`)
    : refuted(test, `those to ${listed(worse)} do`);
}

/** Calls that fail on the caller's side fail for nobody else. */
export function othersReachThem(
  inputs: Pick<RefutationInputs, 'edges' | 'callerFaults'>,
  { service }: Lead,
): Refutation {
  const faults = [...inputs.callerFaults.keys()].filter(({ caller }) => caller === service);
  const peers = faults.map(({ callee }) => callee);
  const test = `if ${listed(peers)} were at fault, calls from others to ${peers.length === 1 ? 'it' : 'them'} would fail too`;
  const others = faults.flatMap((edge) => otherCallers(inputs, edge));
  if (others.length === 0) return notRun(test, 'nobody else calls there');
  const worse = others.filter(isWorse).map(({ caller }) => caller);
  if (worse.length > 0) return refuted(test, `those from ${listed([...new Set(worse)])} do`);
  const names = listed([...new Set(others.map(({ caller }) => caller))]);
  return survived(test, `${names} reach${others.length === 1 ? 'es' : ''} there as before`);
}

/** Whether a service without telemetry is missed. Callers of one that is down fail; callers of one that is only unseen do not. */
export function missedByCallers(
  { edges }: Pick<RefutationInputs, 'edges'>,
  { service, weightName }: Pick<Finding<string, 'down' | 'blind'>, 'service' | 'weightName'>,
): Refutation {
  const isDown = weightName === 'down';
  const test = isDown
    ? `if only its telemetry were lost, callers of ${service} would still be served`
    : `if ${service} were down, its callers would fail`;
  const calls = edges.filter(({ callee, during }) => callee === service && during.calls > 0);
  if (calls.length === 0) return notRun(test, 'nobody was seen to call it since');
  const failures = calls.reduce((sum, { during }) => sum + during.errors, 0);
  const all = calls.reduce((sum, { during }) => sum + during.calls, 0);
  const how = `${formatPercent(failures / all)} of ${all} calls to it failed since`;
  return failures > 0 === isDown ? survived(test, how) : refuted(test, how);
}
