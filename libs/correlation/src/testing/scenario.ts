/**
 * Plays a scenario of plain text: blocks of commands, each followed by `----` and what the machine did. See testdata/README.md for the
 * commands. Between two commands the player gives every tick that the machine set a timer for.
 */
import { parseInput, parseSpan } from './parse.ts';
import { originMs, Player } from './player.ts';

/** The scenario's text with what the machine does now. */
export function playScenario(text: string): string {
  const player = new Player();
  const blocks = text.trimEnd().split(/\n\n+/);
  return `${blocks.map((block) => playBlock(player, block)).join('\n\n')}\n`;
}

/** The machine after the whole scenario, with the inputs that it took. */
export function playedScenario(text: string): Player {
  const player = new Player();
  for (const block of text.trimEnd().split(/\n\n+/)) playBlock(player, block);
  return player;
}

function playBlock(player: Player, block: string): string {
  const head = block.split('\n----')[0] ?? '';
  const commands = head.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (commands.length === 0) return head;
  const output = commands.flatMap((line) => playLine(player, line));
  return [head, '----', ...(output.length === 0 ? ['nothing'] : output)].join('\n');
}

/** One line of a scenario: a time, then what happens. */
export function playLine(player: Player, line: string): string[] {
  const [, time = '', rest = ''] = /^(?:at )?(\S+)(?: (.*))?$/.exec(line) ?? [];
  const passed = player.passTo(originMs + parseSpan(time));
  if (rest === '') return passed;
  if (rest === 'restart') return [...passed, player.restart()];
  const input = parseInput(player, rest);
  return [...passed, ...(typeof input === 'string' ? [input] : player.give(input))];
}
