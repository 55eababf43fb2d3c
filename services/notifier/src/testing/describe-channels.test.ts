import { describe, expect, it } from 'vitest';
import type { ChannelDefinition } from '../channel.ts';
import { channelConfig, channelDefinitions, definitionOf } from '../channels/list.ts';
import { describeChannels, exampleConfig } from './describe-channels.ts';
import { describePageSchema } from './documents.ts';

const definitions: readonly ChannelDefinition[] = channelDefinitions;

describe.each(definitions)('$type', (definition) => {
  it('has an example that is a configuration', () => {
    expect(channelConfig.safeParse(exampleConfig(definition)).error).toBeUndefined();
  });

  it('receives callbacks when people can act there', () => {
    expect(definition.callback !== undefined).toBe(definition.capabilities.hasActions);
  });

  it('has a type of its own', () => {
    expect(definitionOf(definition.type)).toBe(definition);
  });
});

it('the document has every channel, its first line and no secret', async () => {
  const text = await describeChannels();
  for (const { title } of definitions) expect(text).toContain(`\n## ${title}\n`);
  const headline = 'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC';
  expect(text.split(headline).length).toBeGreaterThan(definitions.length);
  expect(text).not.toContain('SECRET"');
});

it('the published schema asks for the fields of version 1', () => {
  const { required, properties } = JSON.parse(describePageSchema()) as { required: string[]; properties: object };
  expect(required).toEqual(['schemaVersion', 'id', 'action', 'reason', 'isPushed', 'page', 'incident']);
  expect(Object.keys(properties)).toEqual(required);
});
