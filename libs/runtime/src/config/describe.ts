/** docs/config.md, from the schemas' own texts and defaults. */
import { environmentName } from './environment.ts';
import { type SchemaNode, type Sections, schemaOf, variantsOf } from './schema.ts';

interface Row {
  readonly path: string;
  readonly node: SchemaNode;
  readonly isRequired: boolean;
}

const opening = `# Configuration

Generated from the schemas; \`npm run config -- docs\` prints it. One YAML file for all roles: \`npm start -- --config FILE\`. The flag may
be repeated: files are laid over each other key by key, the last on top. Unknown keys are refused. Every key can be overridden from the
environment: \`FAULTLINE_\` and the path in upper snake case, its steps joined by two underscores (\`http.bodyMaxBytes\` is
\`FAULTLINE_HTTP__BODY_MAX_BYTES\`), a list's element by its index; values are read as YAML.
A secret may be given as text, as \`{ file: path }\` or as \`{ env: NAME }\`. \`npm run config -- check\` checks a file,
\`npm run config -- print\` prints what holds, with secrets masked; \`--diff\` only what differs from the defaults.
`;

/** Markdown: a table for each section, with key, kind, default and meaning. */
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
      '| key | kind | default | meaning |',
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
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.type === 'array') return `list of ${node.items === undefined ? 'anything' : kindOf(node.items)}`;
  return node.type === 'object' ? 'mapping' : (node.format ?? String(node.type ?? 'anything'));
}

function defaultOf({ node, isRequired }: Row): string {
  if (node.default !== undefined) return `\`${JSON.stringify(node.default)}\``;
  if (node.const !== undefined) return '';
  return isRequired ? 'required' : 'none';
}
