/** Names in prose that exist only elsewhere, each with the reason. An entry that nothing needs any more fails the test. */
export interface Exception {
  readonly name: RegExp;
  readonly why: string;
}

export const exceptions: readonly Exception[] = [
  { name: /^secrets\/$/, why: 'infra/secrets, as a compose file calls it' },
  { name: /^common\.yaml$/, why: 'a file that the reader writes' },
  { name: /^protos\/released\/N$/, why: 'N stands for a release' },
  { name: /^question\/$/, why: 'keys of state records' },
  { name: /^(config|users)\.xml$/, why: "a ClickHouse server's own files" },
  { name: /(^|\/)catalog-info\.yaml$/, why: "a file of Backstage in the reader's repositories" },
  { name: /^owners\.yaml$/, why: 'a file that the reader writes' },
  { name: /^sqlite\.org\//, why: 'a web page' },
  { name: /^google\/rpc\/code\.proto$/, why: "gRPC's own list of codes" },
  {
    name: /^(doc\/)?(lz4_\w+_format|PROTOCOL-HTTP2|statuscodes)\.md$|^(format_description|framing_format)\.txt$/,
    why: 'specifications of compression formats and of gRPC',
  },
  { name: /^schema-tests\.txt$/, why: "Avro's own test vectors" },
  { name: /^(cases\/README\.md|case\.json)$/, why: 'files of a labelled case, which are no part of the repository' },
  {
    name: /^(release|workflow|build|issue|metric|execution|monitor|refs\/heads|feature-|job\/[\w/-]+)\/?$/,
    why: 'parts of keys and bodies of other tools, in mappings',
  },
  {
    name: /^((prometheus|echo-local)\.yml|provisioning\/alerting\/faultline\.yaml|\w+_drop(_index)?\.sql)$/,
    why: 'files of the tools that send, in docs/sources',
  },
];
