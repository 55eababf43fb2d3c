import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether one of the signatures is the hex HMAC-SHA256 of the text. Several may be given while a secret is replaced. */
export function isSigned(secret: string, text: string | Buffer, signatures: readonly string[]): boolean {
  const expected = createHmac('sha256', secret).update(text).digest();
  return signatures.some((signature) => {
    const given = Buffer.from(signature, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
