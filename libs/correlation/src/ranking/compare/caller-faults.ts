/**
 * Calls to peers without telemetry that fail because of the caller: it says so itself (a name it cannot resolve, a credential that is
 * refused, a pool that is empty, a setting that is wrong), nearly all that it calls fails at once while other callers are served, or a
 * peer that is well turns it away.
 */
import type { CauseKind } from '@faultline/model';
import { exactShareZ } from '../statistics/exact-share.ts';
import { isErrorLike, mechanismOf } from '../vocabulary/log-mechanism.ts';
import type { EdgePair, OperationPair, Pair } from './calls.ts';
import type { Context } from './comparison.ts';
import { hasNewSettings, turnedAway } from './rejected-connections.ts';

/** What fails on the caller's side of a call, whoever is called. */
const callerKinds: ReadonlySet<CauseKind> = new Set(['dns', 'credential', 'pool', 'config']);
const minZ = 3;
const minFailures = 0.02;
/** Most, not all: one call may be served from a cache. */
const mostOf = 2 / 3;

/** The edges that are their caller's fault, with the mechanism where it is known. */
export function callerSideEdges(
  context: Pick<
    Context,
    'edges' | 'operations' | 'steps' | 'groups' | 'sides' | 'services' | 'input' | 'presence' | 'onset'
  >,
): ReadonlyMap<EdgePair, CauseKind> {
  const { edges, operations } = context;
  const found = new Map<EdgePair, CauseKind>();
  const failingServers = serversThatFail(operations);
  const byCaller = Map.groupBy(edges, ({ caller }) => caller);
  for (const [caller, own] of byCaller) {
    const failing = own.filter((edge) => isFailing(edge) && !failingServers.has(edge.callee));
    if (failing.length === 0) continue;
    const told = toldKinds(context, caller);
    const used = own.filter(({ during }) => during.calls > 0);
    const isAll =
      failing.length >= 2 &&
      failing.length >= mostOf * used.length &&
      !failing.some((one) => failsElsewhere(one, edges));
    for (const edge of failing) {
      if (failsElsewhere(edge, edges)) continue;
      const about = told.filter(({ text }) => isAbout(text, edge, context.services));
      const spoken = about.find(({ kind }) => kind !== null)?.kind;
      const kind = spoken ?? (isAll ? 'network' : about.length > 0 ? null : silentKind(context, edge));
      if (kind !== null) found.set(edge, kind);
    }
  }
  return found;
}

/** Where nobody says anything: what the peer's signs of life tell, or a change of the caller's settings. */
function silentKind(
  context: Parameters<typeof turnedAway>[0] & Pick<Context, 'groups'>,
  edge: EdgePair,
): CauseKind | null {
  const isUnseen = !context.groups.traced.has(edge.callee);
  return turnedAway(context, edge) ?? (isUnseen && hasNewSettings(context, edge) ? 'config' : null);
}

/** Services whose own server spans fail: they were reached, so it is no matter of the way there. */
function serversThatFail(operations: readonly OperationPair[]): ReadonlySet<string> {
  const served = operations.filter(({ kind }) => kind === 'server' || kind === 'consumer');
  return new Set(served.filter(isFailing).map(({ service }) => service));
}

function isFailing({ before, during }: Pair): boolean {
  const counts = { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
  const risen = during.errors / Math.max(1, during.calls) - before.errors / Math.max(1, before.calls);
  return risen > minFailures && exactShareZ(counts) > minZ;
}

function failsElsewhere(edge: EdgePair, edges: readonly EdgePair[]): boolean {
  return edges.some((other) => other !== edge && other.callee === edge.callee && isFailing(other));
}

interface Told {
  readonly text: string;
  /** Null where the line says that there is nobody to talk to. */
  readonly kind: CauseKind | null;
}

/** What a caller says when nobody listens at the other end. */
const nobodyThere = /refused|reset|unreachable|no route|closed|broken pipe/i;

/** Lines of the caller that name such a mechanism, or the peer's absence, and came, or became more. */
function toldKinds({ steps, groups, sides }: Pick<Context, 'steps' | 'groups' | 'sides'>, caller: string): Told[] {
  const told: Told[] = [];
  const add = (text: string): void => {
    const kind = isErrorLike(text) ? mechanismOf(text) : null;
    if (kind !== null && callerKinds.has(kind)) told.push({ text, kind });
    else if (nobodyThere.test(text)) told.push({ text, kind: null });
  };
  for (const { service, what, text, before, during } of steps)
    if (
      service === caller &&
      what === 'log' &&
      during.spans / Math.max(1, during.of) > before.spans / Math.max(1, before.of) + minFailures
    )
      add(text);
  for (const { service, text, lines } of groups.lines)
    if (service === caller && meanOf(lines, sides, true) > 2 * meanOf(lines, sides, false)) add(text);
  return told;
}

function meanOf(lines: Float64Array, sides: Context['sides'], during: boolean): number {
  const own = lines.filter((_, slice) => sides[slice] === during);
  return own.reduce((sum, count) => sum + count, 0) / Math.max(1, own.length);
}

/** A line that names the callee, or nobody that is known. */
function isAbout(text: string, { callee, caller }: EdgePair, services: readonly string[]): boolean {
  return text.includes(callee) || !services.some((name) => name !== caller && text.includes(name));
}
