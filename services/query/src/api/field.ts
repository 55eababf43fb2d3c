/** The kinds of request fields, each with its limits. All read proto3 JSON and the text of a URL query. */
import { z } from 'zod';

/** A short text. Empty when not set. */
export const text = (maxLength = 200) => z.string().max(maxLength).default('');

/** A short text that must be set. */
export const requiredText = (maxLength = 200) => z.string().min(1, 'is missing').max(maxLength);

/** RFC 3339, parsed to ms since the epoch. Null when not set. */
export const time = () =>
  z.iso
    .datetime({ offset: true, message: 'must be a time in RFC 3339, as 2026-01-31T02:17:00Z' })
    .transform((value): number | null => Date.parse(value))
    .optional()
    .default(null);

/** Some of a few words. In a URL: repeated, or separated by commas. */
export const anyOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.preprocess(asList, z.array(z.enum(words)).max(20).default([]));

function asList(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').filter((word) => word !== '') : value;
}

export const flag = () =>
  z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean().default(false));

/** 0 means the default. */
export const pageSize = (most: number, usual: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(most)
    .default(0)
    .transform((size) => (size === 0 ? usual : size))
    .describe(`0: ${usual}.`);

export const pageToken = () => z.string().max(500).default('').describe('The `nextPageToken` of the previous page.');

export const revision = () =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1);
