/** Calibration: Platt scaling of predicted probabilities, fitted on cases that scoring was not fitted on. */
import type { Calibration } from '@faultline/correlation';

export interface Prediction {
  readonly probability: number;
  readonly hit: boolean;
  readonly weight: number;
}

const newtonSteps = 100;
/** Strength of the pull towards no change. With few cases, a fit must not turn certainty into its opposite. */
const pull = 0.02;

/** Logistic regression of `hit` on the logit by Newton's method, pulled towards slope 1 and offset 0. */
export function calibrate(predictions: readonly Prediction[]): Calibration {
  let slope = 1;
  let offset = 0;
  for (let step = 0; step < newtonSteps; step++) {
    let [gs, go, hss, hso, hoo] = [pull * (slope - 1), pull * offset, pull, 0, pull];
    for (const { probability, hit, weight } of predictions) {
      const x = logit(probability);
      const p = sigmoid(offset + slope * x);
      const error = weight * (p - Number(hit));
      const curve = weight * p * (1 - p);
      gs += error * x;
      go += error;
      hss += curve * x * x;
      hso += curve * x;
      hoo += curve;
    }
    const determinant = hss * hoo - hso * hso;
    if (!(determinant > 1e-12)) break;
    slope -= bounded((gs * hoo - go * hso) / determinant);
    offset -= bounded((go * hss - gs * hso) / determinant);
  }
  return { slope: Math.max(0.05, slope), offset };
}

/** Far from the minimum the curve is flat, and a full Newton step would overshoot. */
function bounded(step: number): number {
  return Math.min(0.3, Math.max(-0.3, step));
}

/** Probabilities are clipped here, so that no case weighs infinitely much. */
const certainty = 1e-4;

export function logit(probability: number): number {
  const bounded = Math.min(1 - certainty, Math.max(certainty, probability));
  return Math.log(bounded / (1 - bounded));
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
