/** The weight of a new error line, inside spans (`pattern-shift`) or outside (`error-lines`). */
import { logOdds } from '../../finding/weight.ts';
export const errorLineWeight = logOdds(4, 'an error line became common');
