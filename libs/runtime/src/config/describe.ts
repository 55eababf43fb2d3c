/** Generates docs/config.md from the schemas' texts and defaults. */
import { environmentName } from './environment.ts';
import { type SchemaNode, type Sections, schemaOf, variantsOf } from './schema.ts';

interface Row {
  readonly path: string;
  readonly node: SchemaNode;
  readonly isRequired: boolean;
}

const opening = `# Configuration
This page is generated from the schemas; \`npm run config -- docs\` prints it. One YAML file configures all roles: \`npm start -- --config FILE\`.
The option may be repeated: files are merged key by key, with later ones on top. Unknown keys are refused.

Every key can be overridden by an environment variable: \`FAULTLINE_\` and the path in upper snake case, with steps joined by two underscores
(\`http.bodyMaxBytes\` is \`FAULTLINE_HTTP__BODY_MAX_BYTES\`) and list elements by index. Values are read as YAML.

A secret is given as text, as \`{ file: path }\` or as \`{ env: NAME }\`. \`npm run config -- check\` checks a file.
\`npm run config -- print\` prints the resulting configuration with secrets masked; with \`--diff\` only what differs from the defaults.
`;

/** Returns Markdown: a table per section with key, type, default and meaning. */
export function describeConfig(sections: Sections): string {
  const root = schemaOf(sections).properties ?? {};
  const parts = Object.entries(root).map(([name, node]) => {
    const rows = rowsOf(node, '').map(tableLine);
    const example = environmentName([name]);
    return [
      `## ${name}`,
      '',
      `Environment: \`${example}__...\``,
      '',
      '| key | type | default | meaning |',
      '|---|---|---|---|',
      ...rows,
      '',
    ];
  });
  return [opening, ...parts.map((lines) => lines.join('\n'))].join('\n');
}

function rowsOf(node: SchemaNode, prefix: string): readonly Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const isRequired = node.required?.includes(key) === true;
    return [{ path, node: child, isRequired }, ...below(child, path)];
  });
}

function below(node: SchemaNode, path: string): readonly Row[] {
  return variantsOf(node).flatMap((variant) => {
    if (variant.items !== undefined) return below(variant.items, `${path}[]`);
    const kind = Object.entries(variant.properties ?? {}).find(([, child]) => child.const !== undefined);
    return rowsOf(variant, kind === undefined ? path : `${path}{${String(kind[1].const)}}`);
  });
}

function tableLine(row: Row): string {
  const { path, node } = row;
  const cells = [`\`${path}\``, kindOf(node), defaultOf(row), node.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function kindOf(node: SchemaNode): string {
  const variants = variantsOf(node);
  if (variants.length > 1) return [...new Set(variants.map(kindOf))].join(' or ');
  if (node.secret === true) return 'secret';
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum !== undefined) return valuesOf(node.enum);
  if (node.type === 'array') return `list of ${node.items === undefined ? 'anything' : kindOf(node.items)}`;
  return node.type === 'object' ? 'mapping' : (node.format ?? String(node.type ?? 'anything'));
}

/** A row with hundreds of values cannot be read. The text of such a key says where all of them are. */
const mostValues = 10;

function valuesOf(values: readonly unknown[]): string {
  const shown = values.slice(0, mostValues).map((value) => `\`${String(value)}\``);
  const rest = values.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

function defaultOf({ node, isRequired }: Row): string {
  if (node.default !== undefined) return `\`${JSON.stringify(node.default)}\``;
  if (node.const !== undefined) return '';
  return isRequired ? 'required' : 'none';
}
