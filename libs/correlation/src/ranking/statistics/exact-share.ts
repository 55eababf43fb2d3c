/** Exact probabilities of counts, from the hypergeometric distribution: for events that are too rare for the normal one. */
export interface Proportions {
  readonly hits: number;
  readonly n: number;
  readonly baseHits: number;
  readonly baseN: number;
}

/**
 * The z of `hits` of `n` now against `baseHits` of `baseN` before. Fisher's exact test with half the probability of the
 * table itself (mid-p; Lancaster, 1961). It is exact where failures and late calls are rare. Four late calls of thirty
 * after one of three hundred are proof; one of one after none of four is not.
 */
export function exactShareZ({ hits, n, baseHits, baseN }: Proportions): number {
  // Counts of calls and of their failures may come from different traces: more failures than calls are all of them.
  if (hits > n || baseHits > baseN)
    return exactShareZ({ n, baseN, hits: Math.min(hits, n), baseHits: Math.min(baseHits, baseN) });
  if (n === 0 || baseN === 0) return 0;
  const marked = hits + baseHits;
  const all = n + baseN;
  const isRise = hits * all >= marked * n;
  const [taken, drawn] = isRise ? [hits, n] : [baseHits, baseN];
  const z = zOfLogTail(logMidTail({ hits: taken, drawn, marked, all }));
  return isRise ? z : -z;
}

/** The logarithm of the probability of more than `hits`, plus half of that of exactly as many. */
function logMidTail({ hits, drawn, marked, all }: Draw): number {
  const logFirst = logChoose(marked, hits) + logChoose(all - marked, drawn - hits) - logChoose(all, drawn);
  const last = Math.min(drawn, marked);
  let [term, sum] = [1, 0.5];
  for (let k = hits; k < last && term > negligible * sum; k++) {
    term *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
    sum += term;
  }
  return logFirst + Math.log(sum);
}

const negligible = 1e-6;

/** The normal quantile of an upper tail, within 0.04. It reads the logarithm, so it never underflows. At least 0. */
function zOfLogTail(logTail: number): number {
  if (logTail > Math.log(0.1)) return Math.max(0, -(logTail - Math.log1p(-Math.exp(Math.min(logTail, -1e-9)))) / 1.702);
  const twice = -2 * logTail - Math.log(2 * Math.PI);
  return Math.sqrt(twice - Math.log(twice));
}

/** The probability that at least `hits` of `drawn` are marked, when `marked` of `all` are: the upper tail of the distribution. */
export function hypergeometricTail({ hits, drawn, marked, all }: Draw): number {
  let sum = 0;
  for (let k = hits; k <= Math.min(drawn, marked); k++)
    if (drawn - k <= all - marked)
      sum += Math.exp(logChoose(marked, k) + logChoose(all - marked, drawn - k) - logChoose(all, drawn));
  return Math.min(1, sum);
}

export interface Draw {
  readonly hits: number;
  readonly drawn: number;
  readonly marked: number;
  readonly all: number;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const exactBelow = 30;
const logFactorials = Array.from({ length: exactBelow }, (_, n) => {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
});

/** Stirling's series from thirty on, where its next term is below 1e-10. */
function logFactorial(n: number): number {
  return (
    logFactorials[n] ??
    n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5)
  );
}
