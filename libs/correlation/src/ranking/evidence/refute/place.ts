/** The refuting test of what instances share: those of the same services elsewhere. */

import { notRun, type RefutingTest, refuted, survived } from '../../finding/refutation.ts';
import { illFrom } from '../failure-domain.ts';

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
