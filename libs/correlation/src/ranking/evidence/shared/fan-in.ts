/** The refuting test of what callers see of a callee: one of the callers may itself be at fault. */
import { isWorse } from '../../compare/worse.ts';
import type { Finding } from '../../finding/finding.ts';
import { listed } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import { otherCallees } from './other-calls.ts';

type Lead = Pick<Finding, 'service'>;
type EdgeInputs = Pick<RefutationInputs, 'edges' | 'attribution'>;

interface FanInOptions {
  /** The test to run where no other call can be compared. */
  readonly without?: ((inputs: EdgeInputs, lead: Lead) => Refutation) | undefined;
  /** Failed calls may leave no record of whom they were meant for. Then healthy callers refute nothing. */
  readonly leavesNoRecord?: boolean;
}

/** Several callers that suffer alike point at what they share. A single one may itself be at fault. */
export function fanIn(inputs: EdgeInputs, lead: Lead, options: FanInOptions): Refutation {
  const { service } = lead;
  const test = `Is one caller of ${service} to blame?`;
  const calls = inputs.edges.filter(({ callee, during }) => callee === service && during.calls > 0);
  if (calls.length < 2) return soleCaller(inputs, lead, { caller: calls[0]?.caller ?? '', without: options.without });
  const hit = calls.filter(isWorse).map(({ caller }) => caller);
  if (hit.length * 2 >= calls.length)
    return survived(test, `${hit.length} of ${calls.length} callers are affected: ${listed(hit)}`);
  const healthy = calls.filter((edge) => !isWorse(edge)).map(({ caller }) => caller);
  if (options.leavesNoRecord === true && hit.length === 0)
    return notRun(test, 'failed calls do not record which service they were for');
  return refuted(test, `${listed(healthy)} ${healthy.length === 1 ? 'is' : 'are'} served as before`);
}

/** If the sole caller were at fault, its other calls would look unhealthy too. */
function soleCaller(
  inputs: EdgeInputs,
  lead: Lead,
  { caller, without }: Pick<FanInOptions, 'without'> & { caller: string },
): Refutation {
  const { service } = lead;
  const test = `Is ${caller || 'its caller'} to blame, the only caller of ${service}?`;
  const others = caller === '' ? [] : otherCallees(inputs, { caller, callee: service });
  if (others.length === 0 && without !== undefined) return without(inputs, lead);
  if (caller === '') return notRun(test, 'no caller was recorded');
  if (others.length === 0) return notRun(test, `${caller} calls nothing else`);
  const worse = others.filter(isWorse).map(({ callee }) => callee);
  return worse.length === 0
    ? survived(test, `its calls to ${listed(others.map(({ callee }) => callee))} are as before`)
    : refuted(test, `its calls to ${listed(worse)} fail or are slower`);
}
