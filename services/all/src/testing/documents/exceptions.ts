/** Names in prose that exist only elsewhere, each with the reason. An entry that nothing needs any more fails the test. */
export interface Exception {
  readonly name: RegExp;
  readonly why: string;
}

export const exceptions: readonly Exception[] = [
  { name: /^infra\/secrets(\/|$)|^secrets\/$/, why: '`npm run secrets` makes them; they are not in Git' },
  { name: /^\.cache\/$/, why: 'downloaded servers' },
  { name: /^common\.yaml$/, why: 'a file that the reader writes' },
  { name: /^protos\/released\/N$/, why: 'N stands for a release' },
  { name: /^question\/$/, why: 'keys of state records' },
  { name: /^(config|users)\.xml$/, why: "a ClickHouse server's own files" },
  { name: /^sqlite\.org\//, why: 'a web page' },
  { name: /^google\/rpc\/code\.proto$/, why: "gRPC's own list of codes" },
  { name: /^schema-tests\.txt$/, why: "Avro's own test vectors" },
  { name: /^(cases\/README\.md|case\.json)$/, why: 'files of a labelled case, which are no part of the repository' },
];
