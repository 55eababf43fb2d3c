/** Formats libs/correlation/src/ranking/weigh/tuned.ts, the one file with all fitted weights. */
import { type Tuning, type WeightName, weightOf, weightSpecs } from '@faultline/correlation';

export function formatTuned(tuning: Tuning): string {
  const { version, withoutFamily, calibration } = tuning;
  const rows = (Object.keys(weightSpecs) as WeightName[]).map((name) => `    ${name}: ${weightOf(tuning, name)},`);
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return `/** Written by \`npm run fit\`; do not edit. Each kind of evidence says what its weights mean. */
import type { Tuning } from './tuning.ts';

export const tuned: Tuning = {
  version: '${version}',
  withoutFamily: ${withoutFamily === null ? 'null' : `'${withoutFamily}'`},
  numbers: {
${rows.join('\n')}
  },
  calibration: { slope: ${round(calibration.slope)}, offset: ${round(calibration.offset)} },
};
`;
}
