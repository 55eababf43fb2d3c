import jsonata from 'jsonata';
import { expect, it } from 'vitest';
import { ingestConfig } from '../config.ts';
import { sourcesOf } from '../sources/index.ts';
import { unknownFunctions } from './unknown-functions.ts';

it.each([
  ['$uppper(a)', ['uppper']],
  ['a.b[$nope(c)].{ "x": $also(d) }', ['nope', 'also']],
  ['a ~> $twice', ['twice']],
  ['$half(?, 2)', ['half']],
  ['a ? $left(a) : $right(b)', ['left', 'right']],
  ['$map(a, function($v) { $inside($v) })', ['inside']],
  ['( $f := function($x) { $uppercase($x) }; $f(a) )', []],
  ['$map([1, 2], function($v, $i) { $string($v + $i) })', []],
  ['( $twice := function($f, $x) { $f($f($x)) }; $twice($lowercase, a) )', []],
  ['$labels(a); $text(b)'.split(';')[0] ?? '', []],
  ['$now() & $millis() & $lookup($headers, "x-event")', []],
])('of %s: %j', (expression, names) => expect(unknownFunctions(jsonata(expression).ast())).toEqual(names));

it('there is none in the mappings of the sources', () => {
  const expressions = sourcesOf({ mappings: [] }).flatMap(({ expression }) => expression ?? []);
  expect(expressions.length).toBeGreaterThan(20);
  expect(expressions.flatMap((expression) => unknownFunctions(jsonata(expression).ast()))).toEqual([]);
});

it('the configuration refuses a mapping with one, by its name', () => {
  const mappings = [{ name: 'mine', expression: '{ "alerts": [{ "name": $uppper(title) }] }' }];
  const issue = ingestConfig.safeParse({ mappings }).error?.issues[0];
  expect(issue?.path).toEqual(['mappings', 0, 'expression']);
  expect(issue?.message).toContain('there is no function $uppper');
});
