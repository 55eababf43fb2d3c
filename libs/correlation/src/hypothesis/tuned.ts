/** Written by `npm run fit`; do not edit. What each number means: `tuning.ts`. */
import { type Tuning, untuned } from './tuning.ts';

export const tuned: Tuning = untuned();
