/** The refuting test of the call before the break: whoever else makes that call would have to go on after it. */

import { listed, notRun, type RefutingTest, refuted, survived } from '../../finding/refutation.ts';
import { survivorsOf } from '../truncated-calls.ts';

/** What one caller does after an answer may be its own fault; what all do is the answer's. */
export const othersGoOn: RefutingTest = ({ context, lead: { service } }) => {
  const stopping = new Set(
    survivorsOf(context)
      .filter(({ callee, strength }) => callee === service && strength >= clearStrength)
      .map(({ caller }) => caller),
  );
  const test = `if the callers of ${service} stopped by themselves, not all of them would`;
  const others = (context.callers.get(service) ?? []).filter((caller) => !stopping.has(caller));
  if (stopping.size > 1) return survived(test, `${listed([...stopping])} stop after it`);
  return others.length === 0
    ? notRun(test, `${listed([...stopping])} alone calls ${service}`)
    : refuted(test, `${listed(others)} ${others.length === 1 ? 'goes' : 'go'} on as before`);
};

/** Less is no stop. */
const clearStrength = 0.05;
