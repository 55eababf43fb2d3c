/**
 * Seeds of generated cases. Seeds 1 to 999 are for development and fitting. Seeds from 5000 are held out: only their
 * totals may be looked at.
 */
export function parseSeeds(text: string): number[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from, to] = part.split('-').map(Number);
      if (from === undefined || !Number.isInteger(from) || (to !== undefined && !(Number.isInteger(to) && to >= from)))
        throw new Error(`expected seeds such as 1-40,77, not ${part}`);
      return Array.from({ length: (to ?? from) - from + 1 }, (_, i) => from + i);
    });
}

const evaluationFrom = 5000;

/** Whether a case is held out. Its name holds the seed. */
export function isHeldOutCase(name: string): boolean {
  const seed = /^generated-.*-(\d+)$/.exec(name)?.[1];
  return seed !== undefined && Number(seed) >= evaluationFrom;
}
