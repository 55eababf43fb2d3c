/** The sources that a mapping reads, one line each. */
import type { SourceDefinition } from '../source-definition.ts';
import { datadog } from './datadog/index.ts';
import { github } from './github/index.ts';

export const mappedSources: readonly SourceDefinition[] = [datadog, github];
