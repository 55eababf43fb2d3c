/** Names in operations, log lines, paths and messages, cut into words that can be compared. */

/** Words that say what any program does, and nothing of which part of it. */
const common = new Set(
  `get post put patch delete head options api http https grpc rest rpc url uri service services server client app apps src lib libs main index
  test tests spec internal pkg cmd java kotlin scala com org net www error errors err exception fail fails failed failure failing warn warning
  info debug fatal the and for with from into not was were are has have had can cannot could will would this that then than when while after
  before null undefined none true false type typeerror value values at in of on to by file line read reading write writing call called calling
  handle handler handling handlers process processing request requests response responses update updated updates add added adds remove removed
  fix fixed fixes change changed changes new old use used uses make set data object string number int bool list map array code common util utils
  helper helpers core base impl module package method function invoke do run start stop init exec trace stack caused properties property version
  bump merge branch pull commit release deploy ts js mjs tsx jsx py go rb rs cs php kt kts sh md json yaml yml toml xml html css txt select insert
  where values table column index into join null`.split(/\s+/),
);

/** Distinctive words, in lower case and singular, each once. */
export function wordsOf(text: string): string[] {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2 && !/^\d/.test(word) && !common.has(word))
    .map(singular);
  return [...new Set(words)].filter((word) => !common.has(word));
}

function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') && !word.endsWith('ss') && word.length > 3 ? word.slice(0, -1) : word;
}

/**
 * Source files that a stack frame names, without folders: `CartService.java`. A match begins only where a word does: otherwise the work grows with
 * the square of a long word.
 */
export function sourceFilesOf(line: string): string[] {
  const found = line.matchAll(
    /(?<![\w.-])([\w.-]+\.(?:ts|tsx|js|jsx|mjs|cjs|py|go|java|kt|scala|rb|rs|cs|php|ex|exs|swift|c|cc|cpp))\b/g,
  );
  return [...new Set([...found].map(([, name = '']) => name))];
}

/** Names that code gives to settings: `DB_URL`. */
export function settingNamesOf(line: string): string[] {
  return [...new Set(line.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [])];
}

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const migrationPath =
  /(?:^|\/)(?:migrations?|migrate|changelog|flyway|liquibase|schema)\/|(?:^|\/)V\d[\w.]*__[^/]+\.sql$|\.sql$/i;

export function isMigration(path: string): boolean {
  return migrationPath.test(path);
}
