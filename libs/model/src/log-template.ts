/**
 * The template of a log line: its wording with the values masked. It is a pure function of the line, without learned
 * state. So a line has the same id in every process, on every replay and after a restart. (Learning parsers such as
 * Drain give finer templates, but their ids depend on what was read before.)
 */

/** `id`: 16 hex digits, a hash of `text`. `text`: the wording, values as `*`, at most 200 characters. */
export interface LogTemplate {
  readonly id: string;
  readonly text: string;
}

/** Enough to tell messages apart; what follows is nearly always data. */
const maxReadChars = 400;
const maxTextChars = 200;

/** The template of one line. Never throws; an empty line gives an empty text. About 2 us a line. */
export function logTemplate(line: string): LogTemplate {
  const message = line.charCodeAt(0) === 123 ? jsonMessage(line.slice(0, 4 * maxReadChars)) : line;
  const masked = maskValues(message.slice(0, maxReadChars));
  const text = masked.replace(repeatedMask, '*').replace(edges, '').slice(0, maxTextChars);
  return { id: hash64(text), text };
}

const repeatedMask = /\*(?:[\s,;:/|.+-]*\*)+/g;
const edges = /^[\s*]+|\s+$/g;
const jsonText = /"(?:message|msg|event|body|log|text|error)"\s*:\s*"((?:[^"\\]|\\.)*)/;

/** The message of a structured line; a line without one is told apart by its field names. */
function jsonMessage(line: string): string {
  const found = jsonText.exec(line);
  if (found?.[1]) return found[1];
  return (line.match(/"[A-Za-z_][\w.-]*"\s*:/g) ?? []).join(' ').replaceAll('"', '');
}

/** Names whose value says what happened, not to whom. */
const tellingKeys = new Set(
  'level lvl severity status msg message error err reason code event method state type result exception cause logger component outcome'.split(
    ' ',
  ),
);

/** One pass over the characters: quoted values, lists, objects and words are masked or kept one by one. */
function maskValues(line: string): string {
  let out = '';
  let word = '';
  let at = 0;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (isWordChar(code)) {
      const end = wordEnd(line, at);
      word = line.slice(at, end);
      out += maskWord(word, line, at, end);
      at = end;
      continue;
    }
    const skip = valueEnd({ line, at, code, word });
    out += skip > at ? `${line[at]}*` : code <= 32 ? ' ' : line[at];
    at = skip > at ? skip : at + 1;
    if (code <= 32) while (line.charCodeAt(at) <= 32) at++;
    if (code !== 61) word = '';
  }
  return out;
}

/** Where the value that opens at this character ends; the same position when no value opens here. */
function valueEnd({ line, at, code, word }: { line: string; at: number; code: number; word: string }): number {
  switch (code) {
    case 34: // "
    case 39: // '
      return quotedEnd({ line, at, word });
    case 61: // =
      return word !== '' && !tellingKeys.has(word.toLowerCase()) && isWordChar(line.charCodeAt(at + 1))
        ? wordEnd(line, at + 1)
        : at;
    case 91: // [
      return listEnd(line, at);
    case 123: // {
      return line[at + 1] === '"' ? objectEnd(line, at) : at;
    default:
      return at;
  }
}

/** An apostrophe within a word opens nothing; the text of a message field is wording, not a value. */
function quotedEnd({ line, at, word }: { line: string; at: number; word: string }): number {
  if (at > 0 && isWordChar(line.charCodeAt(at - 1))) return at;
  if (line[at - 1] === '=' && tellingKeys.has(word.toLowerCase())) return at;
  const close = line.indexOf(line[at] ?? '"', at + 1);
  return close > at + 1 ? close : at;
}

/** A bracketed list of plain words or `a:b` pairs differs in length and order from line to line. */
function listEnd(line: string, at: number): number {
  const close = line.indexOf(']', at);
  if (close < 0) return at;
  const inside = line.slice(at + 1, close);
  return inside.includes(',') && !/[=[{(]|:\s/.test(inside) ? close : at;
}

function objectEnd(line: string, at: number): number {
  let depth = 0;
  for (let i = at; i < line.length; i++) {
    if (line[i] === '{') depth++;
    if (line[i] === '}' && --depth === 0) return i;
  }
  return line.length;
}

/** Letters, digits, everything beyond ASCII, and `_ - . @ / % $ \`. */
function isWordChar(code: number): boolean {
  if (code >= 97) return code <= 122 || code > 127;
  if (code >= 64) return code <= 90 || code === 92 || code === 95;
  if (code >= 48) return code <= 57;
  return code >= 45 || code === 36 || code === 37;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A colon between digits belongs to the word: times, addresses with ports. */
function wordEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    const joins = code === 58 && isDigit(line.charCodeAt(at - 1)) && isDigit(line.charCodeAt(at + 1));
    if (!joins && !isWordChar(code)) break;
    at++;
  }
  return at;
}

const calendar = new Set('mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec'.split(' '));

function maskWord(word: string, line: string, at: number, end: number): string {
  const digits = countDigits(word);
  if (digits === 0) {
    const inDate = word.length === 3 && line.charCodeAt(end) <= 32 && calendar.has(word.toLowerCase());
    return inDate && (isDigit(line.charCodeAt(end + 1)) || isCalendarWord(line, end + 1)) ? '*' : word;
  }
  if (word.includes('/')) return maskPath(word);
  if (isTellingNumber(word, digits, line, at)) return word;
  return isName(word, digits) ? word : '*';
}

function isCalendarWord(line: string, at: number): boolean {
  return !isWordChar(line.charCodeAt(at + 3)) && calendar.has(line.slice(at, at + 3).toLowerCase());
}

function countDigits(word: string): number {
  let digits = 0;
  for (let i = 0; i < word.length; i++) if (isDigit(word.charCodeAt(i))) digits++;
  return digits;
}

/** `status=503`, `code: 14`: up to three digits after a telling name. */
function isTellingNumber(word: string, digits: number, line: string, at: number): boolean {
  if (digits !== word.length || digits > 3) return false;
  return /(?:status|code|step)[\s:="]{1,3}$/i.test(line.slice(Math.max(0, at - 12), at));
}

/** A name may hold one digit (`http2`, `Travel2Controller`); an id has more, or is all hexadecimal. */
function isName(word: string, digits: number): boolean {
  if (digits > 1 || isDigit(word.charCodeAt(0))) return false;
  return word.length < 6 || !/^[0-9a-f-]+$/i.test(word);
}

/** Segments with ids are masked, versions of an interface (`v1`) stay. */
function maskPath(path: string): string {
  return path
    .split('/')
    .map((segment) => {
      const digits = countDigits(segment);
      return digits === 0 || isName(segment, digits) ? segment : '*';
    })
    .join('/');
}

/** Two 32-bit FNV-1a lanes with different seeds and a final mix: not secure, only spread. */
function hash64(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  return hex32(mix(a)) + hex32(mix(b ^ text.length));
}

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
