/** The refuting test of what instances share: those of the same services elsewhere. */
import { illFrom } from '../evidence/shared-place.ts';
import { notRun, type RefutingTest, refuted, survived } from './outcome.ts';

export const sameServicesElsewhere: RefutingTest = ({ context: { placed }, lead: { service: place } }) => {
  const test = `if it were the services and not ${place}, their instances elsewhere would suffer as well`;
  const isHere = ({ node, zone }: (typeof placed)[number]): boolean => node === place || zone === place;
  const hit = new Set(placed.filter((one) => isHere(one) && one.harm >= illFrom).map(({ service }) => service));
  const elsewhere = placed.filter((one) => !isHere(one) && hit.has(one.service));
  if (elsewhere.length === 0) return notRun(test, 'they run nowhere else');
  const ill = elsewhere.filter(({ harm }) => harm >= illFrom).length;
  const how = `${ill} of ${elsewhere.length} do`;
  return ill * 2 < elsewhere.length ? survived(test, how) : refuted(test, how);
};
