/**
 * Names as people see them. Two names that look alike must be one: senders copy zero-width characters, byte order marks and line breaks along,
 * and write one letter as one sign or as two.
 */

/** Only these need no look: printable ASCII. */
const isPlain = /^[\x20-\x7e]*$/;
/** Control characters, which separate words where they are blanks. */
const controls = /[\p{Cc}\u2028\u2029]+/gu;
/** Format characters, which nobody sees: zero-width, soft hyphen, byte order mark, direction of text. And unpaired surrogates. */
const invisible = /\p{Cf}|\p{Cs}|[\u115f\u1160\u3164\uffa0]/gu;

/** The name without what nobody sees, in Unicode's composed form (NFC), and without blanks around it. */
export function plainName(name: string): string {
  if (isPlain.test(name)) return name.trim();
  return name.replace(invisible, '').replace(controls, ' ').normalize('NFC').trim();
}
