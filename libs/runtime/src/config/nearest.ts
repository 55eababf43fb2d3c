/**
 * The candidate most similar to `word`; null when none is similar. Similar means that at most a third of the letters
 * differ, or only the end is missing. Case is ignored.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const scored = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const best = scored[0];
  if (best === undefined) return null;
  if (best.distance <= Math.max(1, Math.ceil(word.length / 3))) return best.candidate;
  return scored.find(({ candidate }) => candidate.toLowerCase().startsWith(word.toLowerCase()))?.candidate ?? null;
}

/** Levenshtein distance: number of letters added, dropped or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
