import type { Clock } from '@faultline/runtime';
import { z } from 'zod';
import type { Call } from '../api/call.ts';
import { time } from '../api/field.ts';
import type { ReadStore } from '../read-model/store.ts';
import type { HygieneFinding } from './finding.ts';
import { hygieneReport } from './report.ts';

export const hygieneRequest = z.strictObject({
  from: time().describe('Incidents that started in this range. Default: the last 90 days.'),
  to: time(),
});
export type HygieneRequest = z.output<typeof hygieneRequest>;

const defaultRangeMs = 90 * 86_400_000;

/** The handler of the report, for the tenant of the caller. */
export function createHygiene({ readStore, clock }: { readonly readStore: ReadStore; readonly clock: Clock }) {
  return async ({ from, to }: HygieneRequest, { tenant }: Call) => {
    const toMs = to ?? clock();
    const fromMs = from ?? toMs - defaultRangeMs;
    const { findings, debt, incidents, isTruncated } = hygieneReport(
      await readStore((store) => store.firingHistory({ tenant, fromMs, toMs })),
    );
    return {
      findings: findings.map(findingJson),
      debt: debt.map((one) => ({ ...one })),
      incidents,
      truncated: isTruncated,
    };
  };
}

function findingJson({ patch, savedPages, missed, teams, ...finding }: HygieneFinding) {
  return {
    ...finding,
    teams: [...teams],
    patchTarget: patch.target,
    patch: patch.yaml,
    savedPages: savedPages.length,
    missedIncidents: missed.map(({ id }) => id),
  };
}
