/** The schema of a section as plain data, which suggestions, environment names, secrets and documentation traverse. */
import { z } from 'zod';

/** The part of JSON Schema that zod produces and that is used here. `secret` comes from `secret()`. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly secret?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

export type Sections = Readonly<Record<string, z.ZodType>>;

/** One node for the whole file, with a property per section. */
export function schemaOf(sections: Sections): SchemaNode {
  const properties = Object.entries(sections).map(([name, section]) => [
    name,
    z.toJSONSchema(section, { io: 'input', unrepresentable: 'any', override: keepDefault }) as SchemaNode,
  ]);
  return { type: 'object', properties: Object.fromEntries(properties) as Record<string, SchemaNode> };
}

/** Zod drops a default when something below it is transformed, as a secret is. */
function keepDefault({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: { default?: unknown };
}): void {
  const { def } = zodSchema._zod;
  if (def.type === 'default') jsonSchema.default = (def as z.core.$ZodDefaultDef).defaultValue;
}

/**
 * The alternatives of a node, without those that `value` cannot mean because of their constant keys (`type: slack`).
 */
export function variantsOf(node: SchemaNode, value?: unknown): readonly SchemaNode[] {
  const nested = node.anyOf ?? node.oneOf ?? splitTypes(node);
  if (nested === undefined) return [node];
  const variants = nested.flatMap((variant) => variantsOf(variant, value));
  const fitting = variants.filter((variant) => fits(variant, value));
  return fitting.length > 0 ? fitting : variants;
}

/** Splits `type: [string, null]` into one node per type. */
function splitTypes(node: SchemaNode): readonly SchemaNode[] | undefined {
  return Array.isArray(node.type) ? (node.type as string[]).map((type) => ({ ...node, type })) : undefined;
}

function fits(node: SchemaNode, value: unknown): boolean {
  if (!isRecord(value)) return true;
  if (node.properties === undefined) return node.additionalProperties !== undefined || node.secret === true;
  return Object.entries(node.properties).every(
    ([key, child]) => child.const === undefined || value[key] === child.const,
  );
}

/** The nodes one step below, for a key or an index. */
export function childrenOf(node: SchemaNode, step: PropertyKey, value?: unknown): readonly SchemaNode[] {
  return variantsOf(node, value).flatMap((variant) => {
    const child = variant.properties?.[String(step)] ?? variant.items ?? variant.additionalProperties;
    return typeof child === 'object' ? [child] : [];
  });
}

/** The keys that a node may have. */
export function keysOf(nodes: readonly SchemaNode[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
