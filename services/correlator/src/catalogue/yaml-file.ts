/** The project's own format of a catalogue file: services and teams in YAML. */
import { causeKinds } from '@faultline/model';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CatalogueSource } from './entry.ts';

const runbook = z.strictObject({
  url: z.string().min(1),
  title: z.string().default(''),
  causeKind: z.enum(causeKinds).optional(),
});

const catalogueFile = z.strictObject({
  services: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        aliases: z.array(z.string().min(1)).default([]),
        team: z.string().default(''),
        contact: z.string().default(''),
        runbooks: z.array(runbook).default([]),
      }),
    )
    .default([]),
  teams: z.array(z.strictObject({ name: z.string().min(1), contact: z.string().min(1) })).default([]),
});

/** Throws an error with a text for people when the file has another form. */
export function readCatalogueYaml(text: string, source: string): CatalogueSource {
  const parsed = catalogueFile.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { services, teams } = parsed.data;
  return {
    entries: services.flatMap(({ name, aliases, team, contact, runbooks }) =>
      [name, ...aliases].map((service) => ({
        match: { service },
        team,
        contact,
        runbooks: runbooks.map(({ url, title, causeKind }) => ({ url, title, causeKind: causeKind ?? ('' as const) })),
        sameAs: [],
        source,
      })),
    ),
    teams: teams.map(({ name, contact }) => ({ team: name, contact, source })),
  };
}
