/** What the words of a log line say of the mechanism: the error texts that common runtimes, drivers and platforms print. */
import type { CauseKind } from '@faultline/model';

const errorLike =
  /\b(?:error|exception|fail(?:ed|ure)?|fatal|panic|refused|timed? ?out|unavailable|denied|abort(?:ed)?|unauthorized|forbidden|expired|exhausted|rejected)\b/i;

/** The narrow ones first: a pool that is exhausted also times out, a name that is not found is also a connection that failed. */
const mechanisms: readonly (readonly [CauseKind, RegExp])[] = [
  [
    'dns',
    /ENOTFOUND|EAI_AGAIN|NXDOMAIN|SERVFAIL|no such host|unknown ?host|(?:name|host)(?:name)? (?:or service not known|resolution|could not be resolved)|could not resolve|\bdns\b/i,
  ],
  [
    'credential',
    /\b40[13]\b|unauthori[sz]ed|forbidden|credential|(?:certificate|token|password|secret|key)s? (?:has |have |is |was )?(?:expired|invalid|revoked|rejected)|expired (?:certificate|token|key)|x509|certificate verify|authentication|auth(?:orization)? failed|access denied|permission denied|invalid (?:token|password|signature|api key)/i,
  ],
  [
    'pool',
    /too many (?:connections|clients|open files)|pool\b.*\b(?:exhaust|empty|full|timeout|timed out|limit)|(?:exhaust|full)\w*\b.*\bpool\b|(?:waiting|timed? ?out|timeout).*\b(?:for|acquir\w+)\b.*\b(?:connection|slot|thread)|remaining connection slots|RejectedExecution/i,
  ],
  ['memory', /out ?of ?memory|OOM|heap (?:space|limit)|cannot allocate|GC overhead/i],
  [
    'disk',
    /no space left|ENOSPC|disk (?:is )?full|read-only file ?system|EROFS|disk quota|input\/output error|\bEIO\b/i,
  ],
  [
    'queue',
    /queue (?:is )?full|backlog|consumer lag|back ?pressure|message (?:was )?(?:dropped|expired)|buffer (?:is )?full/i,
  ],
  [
    'config',
    /(?:missing|invalid|unknown|unset|no) (?:required )?(?:config\w*|setting|property|environment variable|option)|misconfigur/i,
  ],
];

/** Whether a line speaks of failure, by its words. */
export function isErrorLike(text: string): boolean {
  return errorLike.test(text) || mechanismOf(text) !== null;
}

/** The mechanism that a line names, or null. */
export function mechanismOf(text: string): CauseKind | null {
  return mechanisms.find(([, words]) => words.test(text))?.[0] ?? null;
}
