/** Quantities of Kubernetes (`k8s.io/apimachinery/pkg/api/resource`, "Quantity"): `1`, `1000m` and `0.001k` are one amount. Pure. */
import type { Json } from '../api/json.ts';

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Null: it is no quantity. */
export function parseQuantity(value: Json): number | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]{0,2}))$/.exec(String(value).trim());
  if (match === null) return null;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const factor = factors[suffix];
  return factor === undefined ? null : Number(`${digits}${exponent}`) * factor;
}

const holdsQuantity =
  /\.(requests|limits)\.|\.hard\.|\.(sizeLimit|averageValue|storage|divisor)$|\.(max|min|default|defaultRequest)\.(cpu|memory|storage)/;

/** Whether both are the same amount, at a path that holds quantities. */
export function isSameQuantity(a: Json, b: Json, path: string): boolean {
  if (!holdsQuantity.test(path)) return false;
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  if (left === null || right === null) return false;
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
}
