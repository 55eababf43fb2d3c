/** Refuting tests that ask the metrics of what a service calls. */
import { formatPercent } from '../../finding/format.ts';
import { listed, notRun, type RefutingTest, refuted, survived } from '../../finding/refutation.ts';
import { meshLinks } from '../mesh-latency.ts';
import { type Level, levelsOf } from '../service-metrics.ts';

/** From this part of a rise on it is somebody else's. */
const mostOf = 0.5;

/** What a service adds shows in its own metric and not in those of what it calls. */
export const calleesAccount: RefutingTest = ({ context, lead }) => {
  const { service } = lead;
  const test = `if ${service} only waited, the metrics of what it calls would have moved as much`;
  const callees = context.callees.get(service) ?? [];
  if (callees.length === 0) return survived(test, 'it calls nothing that is known');
  const subjects = lead.reason === 'serviceLatency' ? (['latency'] as const) : (['success', 'errors'] as const);
  const levels = subjects.map((subject) => levelsOf(context, subject)).find((one) => one.has(service));
  const known = callees.flatMap((callee) => {
    const level = levels?.get(callee);
    return level === undefined ? [] : [{ callee, part: partOf(level, levels?.get(service)) }];
  });
  if (known.length === 0) return notRun(test, `no such metric of ${listed(callees)}`);
  const most = known.reduce((best, one) => (one.part > best.part ? one : best));
  const how = `${most.callee} moved by ${formatPercent(Math.max(0, most.part))} of what ${service} did`;
  return most.part < mostOf ? survived(test, how) : refuted(test, how);
};

function partOf(level: Level, own: Level | undefined): number {
  return own === undefined || own.rise <= 0 ? 0 : level.rise / own.rise;
}

/** A mesh tells of the calls that a service makes as of those that it takes. */
export const slowBehindInMesh: RefutingTest = ({ context, lead: { service } }) => {
  const test = `if ${service} only waited, the mesh would see its own calls take longer`;
  const links = meshLinks(context);
  const own = Math.max(0, ...links.filter(({ to }) => to === service).map(({ rise }) => rise));
  const below = links.filter(({ from }) => from === service);
  if (below.length === 0) return survived(test, 'it sees none');
  const most = below.reduce((best, one) => (one.rise > best.rise ? one : best));
  const how = `those to ${most.to} rose by ${formatPercent(most.rise / Math.max(own, 1e-9))} of it`;
  return most.rise < mostOf * own ? survived(test, how) : refuted(test, how);
};

const subjects = ['latency', 'errors', 'success'] as const;

/** Calls that no longer arrive are the caller's doing unless the callee turned them away. */
export const calleeTurnsAway: RefutingTest = ({ context, lead }) => {
  const [from = '', to = ''] = lead.entity.slice('edge:'.length).split(' -> ');
  const test = `if ${to} turned away what ${from} sends, it would fail or take longer`;
  const told = subjects.filter((subject) => levelsOf(context, subject).has(to));
  if (told.length === 0) return notRun(test, `no metric of ${to} tells of time or failures`);
  return context.related.has(to) && told.some((subject) => isOff(levelsOf(context, subject).get(to)))
    ? refuted(test, 'it does')
    : survived(test, 'it does not');
};

/** As for a disturbed service: far outside of its own past, and by a tenth at the least. */
function isOff(level: Level | undefined): boolean {
  return level !== undefined && level.rise > 0 && level.shift.z > 8 && Math.abs(level.shift.growth) > 0.1;
}
