/** Turns a seed into an evaluation case. The same seed always gives the same case. */
import { type EvaluationCase, generatedSystems, type LabelStyle } from '../../case/evaluation-case.ts';
import type { Truth } from '../../case/truth.ts';
import { withInnocentReleases } from '../company/changes.ts';
import { senderAt } from '../fault/change.ts';
import { drawScenario, familiesWithoutFault, type Scenario } from '../scenario.ts';
import { simulateTimeline, type Timeline } from '../timeline.ts';
import { encodeClean } from './clean.ts';
import { encodeCompany } from './company.ts';
import type { EncodedCase } from './encoded-case.ts';
import { encodeStack } from './stack.ts';

export interface GenerateOptions {
  /** Null: the seed selects it. */
  readonly family?: string | null;
  /** Other than `clean`: there are noise alerts as well, with `company` also more releases and late change events. The fault is the same. */
  readonly labels?: LabelStyle;
}

export function generateCase(seed: number, { family = null, labels = 'clean' }: GenerateOptions = {}): EvaluationCase {
  const drawn = drawScenario(seed, family ?? undefined);
  const scenario = labels === 'company' ? withInnocentReleases(drawn) : drawn;
  const timeline = simulateTimeline(scenario);
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

const encoders: Readonly<Record<LabelStyle, (scenario: Scenario, timeline: Timeline) => EncodedCase>> = {
  clean: encodeClean,
  company: encodeCompany,
  stack: encodeStack,
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
