/**
 * Failing calls that are the caller's fault. The caller logs it (a name that does not resolve, rejected credentials, an empty pool, a wrong
 * setting); or nearly all that it calls fails at once while other callers are served; or a healthy peer rejects it.
 */
import type { CauseKind } from '@faultline/model';
import type { Window } from '../input/window.ts';
import type { CallEdge } from '../rows/call-edge.ts';
import { isErrorText, mechanismOf } from '../vocabulary/log-mechanism.ts';
import type { EdgeComparison, OperationComparison } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { hasNewSettings, rejectionOf } from './rejected-connections.ts';
import { failsMore, minFailures } from './worse.ts';

/** Mechanisms that lie with the caller, whoever is called. */
const callerMechanisms: ReadonlySet<CauseKind> = new Set(['dns', 'credential', 'pool', 'config']);
/** Most and not all: one call may be served from a cache. */
const mostOf = 2 / 3;

type Inputs = Pick<
  Comparison,
  'edges' | 'operations' | 'patterns' | 'groups' | 'windows' | 'services' | 'input' | 'presence' | 'onset'
>;

/** The edges whose failures are their caller's fault, with the mechanism. */
export function callerFaultsOf(inputs: Inputs): ReadonlyMap<EdgeComparison, CauseKind> {
  const { edges, operations } = inputs;
  const found = new Map<EdgeComparison, CauseKind>();
  const failingServers = serversThatFail(operations);
  for (const [caller, own] of Map.groupBy(edges, (edge) => edge.caller)) {
    const failing = own.filter((edge) => failsMore(edge) && !failingServers.has(edge.callee));
    if (failing.length === 0) continue;
    const logged = loggedReasons(inputs, caller);
    const failsEverywhere = isEverywhere(own, failing, edges);
    for (const edge of failing) {
      if (failsElsewhere(edge, edges)) continue;
      const about = logged.filter(({ text }) => isAbout(text, edge, inputs.services));
      const named = about.find(({ mechanism }) => mechanism !== null)?.mechanism;
      const mechanism =
        named ?? (failsEverywhere ? 'network' : about.length > 0 ? null : unloggedMechanism(inputs, edge));
      if (mechanism !== null) found.set(edge, mechanism);
    }
  }
  return found;
}

/** Whether most of what a caller calls fails, and only for this caller. */
function isEverywhere(
  own: readonly EdgeComparison[],
  failing: readonly EdgeComparison[],
  edges: readonly EdgeComparison[],
): boolean {
  const used = own.filter(({ during }) => during.calls > 0);
  return (
    failing.length >= 2 && failing.length >= mostOf * used.length && !failing.some((one) => failsElsewhere(one, edges))
  );
}

/** Without a log line: what the peer's signs of life tell, or a change of the caller's settings. */
function unloggedMechanism(inputs: Inputs, edge: EdgeComparison): CauseKind | null {
  const isUninstrumented = !inputs.groups.traced.has(edge.callee);
  return rejectionOf(inputs, edge) ?? (isUninstrumented && hasNewSettings(inputs, edge) ? 'config' : null);
}

/** Services whose own server spans fail. Calls reached them, so the path to them works. */
function serversThatFail(operations: readonly OperationComparison[]): ReadonlySet<string> {
  const served = operations.filter(({ kind }) => kind === 'server' || kind === 'consumer');
  return new Set(served.filter(failsMore).map(({ service }) => service));
}

function failsElsewhere(edge: EdgeComparison, edges: readonly EdgeComparison[]): boolean {
  return edges.some((other) => other !== edge && other.callee === edge.callee && failsMore(other));
}

interface LoggedReason {
  readonly text: string;
  /** Null where the line only says that nobody listens. */
  readonly mechanism: CauseKind | null;
}

/** What a caller logs when nobody listens at the other end. */
const nobodyListens = /refused|reset|unreachable|no route|closed|broken pipe/i;

/** New or more frequent lines of the caller that name such a mechanism, or that nobody listens. */
function loggedReasons(
  { patterns, groups, windows }: Pick<Inputs, 'patterns' | 'groups' | 'windows'>,
  caller: string,
): LoggedReason[] {
  const reasons: LoggedReason[] = [];
  const add = (text: string): void => {
    const mechanism = isErrorText(text) ? mechanismOf(text) : null;
    if (mechanism !== null && callerMechanisms.has(mechanism)) reasons.push({ text, mechanism });
    else if (nobodyListens.test(text)) reasons.push({ text, mechanism: null });
  };
  for (const { service, what, text, before, during } of patterns)
    if (
      service === caller &&
      what === 'log' &&
      during.spans / Math.max(1, during.of) > before.spans / Math.max(1, before.of) + minFailures
    )
      add(text);
  for (const { service, text, lines } of groups.lines)
    if (service === caller && meanOf(lines, windows, 'incident') > 2 * meanOf(lines, windows, 'baseline')) add(text);
  return reasons;
}

function meanOf(lines: Float64Array, windows: readonly Window[], window: Window): number {
  const own = lines.filter((_, slice) => windows[slice] === window);
  return own.reduce((sum, count) => sum + count, 0) / Math.max(1, own.length);
}

/** Whether a line names the callee, or no known service at all. */
function isAbout(text: string, { callee, caller }: CallEdge, services: readonly string[]): boolean {
  return text.includes(callee) || !services.some((name) => name !== caller && text.includes(name));
}
