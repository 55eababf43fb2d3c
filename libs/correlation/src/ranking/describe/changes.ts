/** Every change with a verdict: whether it could have triggered the incident. */
import type { Change, EvidenceResult, JudgedChange } from '@faultline/model';
import { contrastChange } from '../compare/change/contrast.ts';
import { changedService, slackMs } from '../compare/change/timing.ts';
import { controlText, whenText } from '../finding/change-text.ts';
import type { Candidate } from '../probability/candidate.ts';
import { blamedChange } from './blamed-change.ts';
import { type SinceInputs, silentSinceMs, sinceOf } from './since.ts';

type Inputs = SinceInputs;

/** Log-odds from which a service counts as having shifted itself. */
const shiftedFrom = 1;

/** In the order of time. No change is a suspect while no cause is identified. */
export function judgeChanges(inputs: Inputs, candidates: readonly Candidate[], identified = true): JudgedChange[] {
  const [best] = candidates;
  const trigger = blamedChange(inputs, best?.service ?? '');
  const judging = {
    inputs,
    blamed: identified ? trigger : null,
    shifted: new Set(candidates.filter(({ logOdds }) => logOdds >= shiftedFrom).map(({ service }) => service)),
    cause: best?.service ?? '',
    ...beginningOf(inputs, best, trigger),
    measured: measuredServices(inputs.input.answer),
  };
  return inputs.input.changes
    .map((change) => ({ ...describeChange(change), ...judge(change, judging) }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
}

/** The time that changes are compared with, and what it is called. */
interface Beginning {
  readonly sinceMs: number;
  readonly event: string;
}

/** An onset that no signal shows is a guess, and clears no change that was made before the first alert. */
function beginningOf(inputs: Inputs, best: Candidate | undefined, trigger: Change | null): Beginning {
  const { onset, input } = inputs;
  const isSeen = onset.isSeen || (best !== undefined && silentSinceMs(inputs, best) !== null);
  if (!isSeen) return { sinceMs: input.startedAtMs, event: 'the first alert' };
  return { sinceMs: best === undefined ? onset.atMs : sinceOf(inputs, best, trigger), event: 'the onset' };
}

/** Services of which telemetry was read. Of any other, a shift would not show. */
function measuredServices(answer: EvidenceResult | null): ReadonlySet<string> {
  if (answer === null) return new Set();
  const { operations, templates, series, presence, edges } = answer;
  const own = [operations, templates, series, presence].flatMap((rows) => rows.map(({ service }) => service));
  return new Set([...own, ...edges.flatMap(({ caller, callee }) => [caller, callee])]);
}

interface Judging extends Beginning {
  readonly inputs: Inputs;
  readonly blamed: Change | null;
  readonly shifted: ReadonlySet<string>;
  readonly cause: string;
  readonly measured: ReadonlySet<string>;
}

function judge(change: Change, judging: Judging): Pick<JudgedChange, 'verdict' | 'reason'> {
  const { inputs, blamed, shifted, cause, sinceMs, event, measured } = judging;
  const service = changedService(change);
  const time = whenText(change, sinceMs, event);
  if (change.startedAtMs > sinceMs + slackMs) return { verdict: 'innocent', reason: `made ${time}` };
  const contrast = contrastChange(inputs, change, service);
  if (change.id === blamed?.id) return { verdict: 'suspect', reason: suspectText({ time, service, cause, contrast }) };
  if (contrast.verdict === 'innocent') return { verdict: 'innocent', reason: `${controlText(contrast)}; made ${time}` };
  if (inputs.input.answer === null) return { verdict: 'possible', reason: `made ${time}; no evidence is in yet` };
  if (shifted.has(service))
    return { verdict: 'possible', reason: `made ${time}; ${service} shifted too, but ${cause} fits better` };
  if (service === '') return { verdict: 'possible', reason: `made ${time}; nothing is known about what it changed` };
  if (!measured.has(service))
    return { verdict: 'possible', reason: `made ${time}; no telemetry of ${service} was read` };
  return { verdict: 'innocent', reason: `${service} itself shows no shift; made ${time}` };
}

interface SuspectFacts {
  readonly time: string;
  readonly service: string;
  readonly cause: string;
  readonly contrast: ReturnType<typeof contrastChange>;
}

function suspectText({ time, service, cause, contrast }: SuspectFacts): string {
  const place = service === cause ? '' : `, which calls ${cause}`;
  const control = contrast.verdict === 'guilty' ? `; ${controlText(contrast)}` : '';
  if (contrast.fault?.verdict === 'guilty') return `made ${time}; ${controlText(contrast)}`;
  return `made ${time}, at ${service}${place}, where the incident began${control}`;
}

function describeChange(change: Change): Omit<JudgedChange, 'verdict' | 'reason'> {
  const { id, kind, startedAtMs, actor, summary, url } = change;
  return { id, kind, entity: `service:${changedService(change)}`, startedAtMs, actor, summary, url };
}
