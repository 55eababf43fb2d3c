import { z } from 'zod';
import { requiredText, text, time } from '../api/field.ts';

const environment = z
  .string()
  .max(100)
  .regex(/^[^/]*$/, 'must not hold a slash')
  .default('');
const from = time().describe('Default: one hour before `to`.');
const to = time().describe('Default: now.');

/** A name as telemetry has it: printable, without spaces around it. */
const serviceName = requiredText()
  .regex(/^[^\p{C}]+$/u, 'must hold printable characters only')
  .refine((name) => name.trim() === name, 'must not begin or end with a space');

export const getGraphRequest = z.strictObject({
  environment: environment.describe('Empty: all environments.'),
  from,
  to,
});
export const listEnvironmentsRequest = z.strictObject({ since: time().describe('Default: two days ago.') });
export const getEntityRequest = z.strictObject({ service: serviceName, environment, from, to });
export const declareGraphRequest = z.strictObject({
  environment: environment.describe('Empty: every environment of the tenant.'),
  source: text().describe(
    'Name of the declaring source. A later declaration of the same source replaces the earlier one.',
  ),
  edges: z
    .array(
      z
        .strictObject({ from: serviceName, to: serviceName })
        .refine((edge) => edge.from !== edge.to, { path: ['to'], message: 'must be another service than `from`' }),
    )
    .max(5000),
});
export type DeclareGraphRequest = z.output<typeof declareGraphRequest>;
