/** What the commands of a scenario accept. Without this check, a typing error would quietly play another scenario. */
import { causeKinds, environmentReasons, remediationKinds, severities } from '@faultline/model';
import { defaultCoreConfig } from '../state/config.ts';
import type { Names } from './print.ts';
import { parseSpan } from './span.ts';

/** Returns what is expected in place of the word. Null: the word is right. */
type Check = (word: string, names: Names) => string | null;

interface Form {
  /** The words that must be there, in this order. */
  readonly words: readonly Check[];
  /** Any number of further words. Left out: none. */
  readonly more?: Check;
  readonly options?: Readonly<Record<string, Check>>;
}

const named =
  (name: string): Check =>
  (word) =>
    word === '' ? `${name}, and one blank between words` : null;

const oneOf =
  (list: readonly string[]): Check =>
  (word) =>
    list.includes(word) ? null : list.join(', ');

const span: Check = (word) => (Number.isNaN(parseSpan(word)) ? 'a time such as -5s, 2.5s or 1h' : null);
const wholeNumber: Check = (word) => (/^\d+$/.test(word) ? null : 'a whole number');
const pair: Check = (word) => (/^[^>,]+->[^>,]+$/.test(word) ? null : 'CALLER->CALLEE');
const pairs: Check = (list, names) =>
  list.split(',').some((word) => pair(word, names) !== null) ? 'CALLER->CALLEE,...' : null;

/** `alert/am/FP` and `nobody` go to the machine as they are: it has to answer for ids that it does not know. */
const incident: Check = (word, names) =>
  names.has(word) || /^alert\/am\/.|^nobody$/.test(word)
    ? null
    : 'an incident that has appeared (#1), alert/am/FP, or nobody';

const setting =
  (initial: unknown): Check =>
  (text) => {
    const expected = Array.isArray(initial) ? 'a JSON list without blanks' : 'a JSON number';
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === typeof initial && Array.isArray(value) === Array.isArray(initial) ? null : expected;
    } catch {
      return expected;
    }
  };

const alertOptions = {
  ...Object.fromEntries(
    ['fp', 'node', 'pod', 'zone', 'cluster', 'database', 'env', 'team', 'runbook_url', 'source'].map((key) => [
      key,
      named(key),
    ]),
  ),
  severity: oneOf(severities),
  start: span,
  end: span,
  expires: span,
};
const personOptions = { revision: wholeNumber, id: named('an id') };

const forms: Readonly<Record<string, Form>> = {
  alert: { words: [named('SERVICE or -'), named('NAME')], more: oneOf(['resolved']), options: alertOptions },
  answer: {
    words: [],
    more: (word, names) => (word === 'settled' || names.has(word) ? null : 'settled, or an incident that has appeared'),
    options: {
      disturbed: named('SERVICE,...'),
      edges: pairs,
      cause: named('SERVICE'),
      callee: named('SERVICE'),
      missing: named('a text'),
      env: named('ENVIRONMENT,...'),
      why: oneOf(environmentReasons),
      telemetry: named('ENVIRONMENT,...'),
      twice: named('SERVICE,...'),
    },
  },
  change: {
    words: [named('SERVICE'), named('VERSION')],
    options: { node: named('node'), env: named('env'), start: span },
  },
  declare: { words: [pair], more: pair, options: { env: named('env') } },
  config: {
    words: [],
    options: Object.fromEntries(Object.entries(defaultCoreConfig).map(([key, value]) => [key, setting(value)])),
  },
  acknowledge: { words: [incident], options: personOptions },
  reopen: { words: [incident], options: personOptions },
  resolve: { words: [incident], more: named('TEXT'), options: personOptions },
  note: { words: [incident, named('TEXT')], more: named('TEXT'), options: personOptions },
  split: { words: [incident, named('FP')], more: named('FP'), options: personOptions },
  merge: { words: [incident, incident], options: personOptions },
  remediation: {
    words: [incident, oneOf(remediationKinds), oneOf(['worked', 'failed'])],
    more: named('TARGET'),
    options: personOptions,
  },
  reject: { words: [incident, named('SERVICE')], options: personOptions },
  restore: { words: [incident, named('SERVICE')], options: personOptions },
  pin: { words: [incident, named('SERVICE'), oneOf(causeKinds)], options: personOptions },
};

/** Throws an error that names the word and what is expected in its place. */
export function checkCommand(text: string, names: Names): void {
  const [verb = '', ...rest] = text.split(' ');
  const form = forms[verb];
  if (form === undefined) throw new Error(`"${verb}": expected ${[...Object.keys(forms), 'restart'].join(', ')}`);
  const words = rest.filter((word) => !word.includes('='));
  for (const [i, check] of form.words.entries()) expectWord(words[i] ?? '', check(words[i] ?? '', names));
  for (const word of words.slice(form.words.length))
    expectWord(word, form.more === undefined ? 'the end of the line' : form.more(word, names));
  for (const option of rest.filter((word) => word.includes('='))) checkOption(option, form.options ?? {}, names);
}

function checkOption(option: string, known: Readonly<Record<string, Check>>, names: Names): void {
  const at = option.indexOf('=');
  const check = known[option.slice(0, at)];
  const keys = Object.keys(known).map((key) => `${key}=`);
  expectWord(option, check === undefined ? keys.join(', ') || 'no option' : check(option.slice(at + 1), names));
}

function expectWord(word: string, expected: string | null): void {
  if (expected !== null) throw new Error(`${word === '' ? 'a word is missing' : `"${word}"`}: expected ${expected}`);
}
