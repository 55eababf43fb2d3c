/** The mechanism that a log line names, by the error texts that common runtimes, drivers and platforms print. */
import type { CauseKind } from '@faultline/model';

const errorLike =
  /\b(?:error|exception|fail(?:ed|ure)?|fatal|panic|refused|timed? ?out|unavailable|denied|abort(?:ed)?|unauthorized|forbidden|expired|exhausted|rejected)\b/i;

/** Narrow ones first: an exhausted pool also times out, and a name that does not resolve is also a failed connection. */
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

/** From this OpenTelemetry severity number on, a line is an error. */
const errorSeverityNumber = 17;

/** Whether a line is an error, by its severity or by its words. */
export function isErrorLine({ text, severityNumber }: { text: string; severityNumber: number }): boolean {
  return severityNumber >= errorSeverityNumber || isErrorText(text);
}

/** Whether the words of a line tell of a failure. */
export function isErrorText(text: string): boolean {
  return errorLike.test(text) || mechanismOf(text) !== null;
}

/** The mechanism that a line names, or null. */
export function mechanismOf(text: string): CauseKind | null {
  return mechanisms.find(([, words]) => words.test(text))?.[0] ?? null;
}
