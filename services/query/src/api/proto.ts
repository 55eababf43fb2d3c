/** The messages of protos/faultline/v1 as descriptors, and proto3 JSON to and from their bytes. */
import { fileURLToPath } from 'node:url';
import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { Json } from './operation.ts';

const protoFolder = fileURLToPath(new URL('../../../../protos', import.meta.url));
const files = ['incident', 'topology', 'ledger'].map((name) => `faultline/v1/${name}.proto`);

export interface MessageCodec {
  readonly message: DescMessage;
  encode(json: Json): Buffer;
  decode(bytes: Uint8Array): Json;
}

export interface Contract {
  /** As grpc-js and the reflection service take it. */
  readonly packageDefinition: PackageDefinition;
  /** Request and response of a method. Throws when the protos have no such method. */
  method(service: string, name: string): { readonly input: MessageCodec; readonly output: MessageCodec };
}

/** Reads the .proto files. */
export function loadContract(): Contract {
  const packageDefinition = loadSync(files, { includeDirs: [protoFolder], keepCase: true });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: descriptorsOf(packageDefinition) }));
  return {
    packageDefinition,
    method: (service, name) => {
      const found = registry.getService(`faultline.v1.${service}`)?.methods.find((method) => method.name === name);
      if (found === undefined) throw new Error(`protos/faultline/v1 has no ${service}/${name}`);
      return { input: codecOf(found.input), output: codecOf(found.output) };
    },
  };
}

function codecOf(message: DescMessage): MessageCodec {
  return {
    message,
    encode: (json) => Buffer.from(toBinary(message, fromJson(message, json as JsonObject))),
    decode: (bytes) => toJson(message, fromBinary(message, bytes)) as Json,
  };
}

/** proto-loader parses .proto files but leaves type names relative and JSON names as they are: both are put right here. */
function descriptorsOf(definition: PackageDefinition): FileDescriptorProto[] {
  const byName = new Map<string, FileDescriptorProto>();
  for (const { fileDescriptorProtos = [] } of Object.values(definition) as { fileDescriptorProtos?: Uint8Array[] }[]) {
    const parsed = fileDescriptorProtos.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    for (const file of parsed) byName.set(file.name, file);
  }
  const all = [...byName.values()];
  const known = new Set(all.flatMap((file) => file.messageType.map((message) => `${file.package}.${message.name}`)));
  for (const file of all) for (const message of file.messageType) complete(message, `${file.package}`, known);
  const wellKnown = all.filter((file) => file.package === 'google.protobuf');
  const own = all.filter((file) => file.package !== 'google.protobuf');
  for (const file of own) file.dependency.push(...wellKnown.map((each) => each.name));
  return [...wellKnown, ...own];
}

function complete(message: DescriptorProto, parent: string, known: ReadonlySet<string>): void {
  for (const field of message.field) {
    field.jsonName = field.name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (field.typeName === '' || field.typeName.startsWith('.')) continue;
    const isNested = message.nestedType.some((nested) => nested.name === field.typeName);
    const sibling = isNested ? `${parent}.${message.name}.${field.typeName}` : `${parent}.${field.typeName}`;
    field.typeName = `.${isNested || known.has(sibling) ? sibling : field.typeName}`;
  }
  for (const nested of message.nestedType) complete(nested, `${parent}.${message.name}`, known);
}
