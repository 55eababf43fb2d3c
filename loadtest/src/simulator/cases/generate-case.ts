/** Turns a seed into an evaluation case. The same seed always gives the same case. */
import { type EvaluationCase, generatedSystems, type LabelStyle } from '../../case/evaluation-case.ts';
import type { Truth } from '../../case/truth.ts';
import { withInnocentCanaries, withInnocentReleases } from '../company/changes.ts';
import { senderAt } from '../fault/change.ts';
import { drawScenario, familiesWithoutFault, type Scenario } from '../scenario.ts';
import { simulateTimeline, type Timeline } from '../timeline.ts';
import { encodeCanaries } from './canaries.ts';
import { encodeClean } from './clean.ts';
import { encodeCompany } from './company.ts';
import type { EncodedCase } from './encoded-case.ts';
import { encodeStack } from './stack.ts';

export interface GenerateOptions {
  /** Null: the seed selects it. */
  readonly family?: string | null;
  /**
   * `company` and `stack`: the fault of `clean` with noise alerts, with `company` also more releases and late change events. `canaries`: a bad
   * canary among six, and metrics alone, unless a family is given.
   */
  readonly labels?: LabelStyle;
}

export function generateCase(seed: number, { family = null, labels = 'clean' }: GenerateOptions = {}): EvaluationCase {
  const drawn = drawScenario(seed, family ?? (labels === 'canaries' ? 'canary' : undefined));
  const scenario = moreChanges[labels]?.(drawn) ?? drawn;
  const timeline = simulateTimeline(scenario, labels === 'canaries' ? countedSpans : undefined);
  const { alertTruth, ...encoded } = encoders[labels](scenario, timeline);
  const name = `${generatedSystems[labels]}-${scenario.family}-${String(seed).padStart(4, '0')}`;
  return {
    name,
    system: generatedSystems[labels],
    truth: { ...truthOf(scenario, name), alerts: alertTruth },
    untilMs: timeline.untilMs,
    edges: [],
    ...encoded,
  };
}

/** Metrics count each request, also where few are traced. */
const countedSpans = 240_000;

const moreChanges: Readonly<Partial<Record<LabelStyle, (scenario: Scenario) => Scenario>>> = {
  company: withInnocentReleases,
  canaries: withInnocentCanaries,
};

const encoders: Readonly<Record<LabelStyle, (scenario: Scenario, timeline: Timeline) => EncodedCase>> = {
  clean: encodeClean,
  company: encodeCompany,
  stack: encodeStack,
  canaries: encodeCanaries,
};

export function truthOf(scenario: Scenario, name: string): Truth {
  const { faults, changes, family } = scenario;
  const guilty = new Set(faults.flatMap((fault) => fault.changes));
  const [only] = faults.length === 1 ? faults : [];
  return {
    case: name,
    family: familiesWithoutFault.some((quiet) => quiet === family) ? 'no-fault' : family,
    services: faults.flatMap(({ services }) => services),
    overlapping: faults.length > 1 ? faults.map(({ services }) => services) : [],
    instance: only === undefined ? '' : instanceOf(scenario),
    kinds: faults.flatMap(({ kinds }) => kinds),
    change: only?.changes[0]?.summary ?? null,
    innocent: changes.filter((change) => !guilty.has(change)).map(({ summary }) => summary),
    sinceMs: only?.sinceMs ?? null,
  };
}

/** The name that the instance has right after the onset. A deployment may have renamed it. */
function instanceOf({ faults, system, changes, onsetMs }: Scenario): string {
  const [fault] = faults;
  const service = system.byName.get(fault?.services[0] ?? '');
  const instance = fault === undefined || fault.instance === null ? undefined : service?.instances[fault.instance];
  return service === undefined || instance === undefined
    ? ''
    : senderAt(service, instance, { changes, atMs: onsetMs + 1000 }).instance;
}
