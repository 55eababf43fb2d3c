/** Formats libs/correlation/src/hypothesis/tuned.ts, the one file with every fitted number. */
import { type Tuning, type TuningName, tuningSpec } from '@faultline/correlation';

export function formatTuned({ version, withoutFamily, numbers, calibration }: Tuning): string {
  const rows = (Object.keys(tuningSpec) as TuningName[]).map((name) => `    ${name}: ${numbers[name]},`);
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return `/** Written by \`npm run fit\`; do not edit. What each number means: \`tuning.ts\`. */
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
