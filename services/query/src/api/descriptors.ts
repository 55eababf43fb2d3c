/**
 * Descriptors as protoc would make them. proto-loader leaves type names relative, omits imports and JSON names, and gives map entries
 * unusual names. Go clients such as grpcurl refuse such files, so this module completes them.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { PackageDefinition } from '@grpc/proto-loader';

/** The files of a definition, dependencies first. */
export function descriptorsOf(definition: PackageDefinition): FileDescriptorProto[] {
  const byName = new Map<string, FileDescriptorProto>();
  for (const { fileDescriptorProtos = [] } of Object.values(definition) as { fileDescriptorProtos?: Uint8Array[] }[]) {
    const parsed = fileDescriptorProtos.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    for (const file of parsed) byName.set(file.name, file);
  }
  const all = [...byName.values()];
  for (const file of all) for (const message of file.messageType) nameMapEntries(message);
  const known = new Set(all.flatMap((file) => file.messageType.flatMap((message) => namesOf(message, file.package))));
  for (const file of all) for (const message of file.messageType) complete(message, file.package, known);
  const wellKnown = all.filter((file) => file.package === 'google.protobuf');
  const own = all.filter((file) => file.package !== 'google.protobuf');
  for (const file of own) file.dependency.push(...wellKnown.map((each) => each.name));
  return [...wellKnown, ...own];
}

/** The form that the reflection service reads. It uses only the encoded files of a definition, whatever their entry. */
export function reflectedOf(descriptors: readonly FileDescriptorProto[]): PackageDefinition {
  const fileDescriptorProtos = descriptors.map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
  const unused = { serialize: () => Buffer.alloc(0), deserialize: () => ({}) };
  return { all: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos, ...unused } };
}

/** The entry of `map<..> some_labels` must be called `SomeLabelsEntry`. */
function nameMapEntries(message: DescriptorProto): void {
  for (const field of message.field) {
    const entry = message.nestedType.find((nested) => nested.options?.mapEntry && nested.name === field.typeName);
    if (entry === undefined) continue;
    entry.name = `${upperFirst(camelCase(field.name))}Entry`;
    field.typeName = entry.name;
  }
  for (const nested of message.nestedType) nameMapEntries(nested);
}

function namesOf(message: DescriptorProto, parent: string): string[] {
  const name = `${parent}.${message.name}`;
  const enums = message.enumType.map((each) => `${name}.${each.name}`);
  return [name, ...enums, ...message.nestedType.flatMap((nested) => namesOf(nested, name))];
}

function complete(message: DescriptorProto, parent: string, known: ReadonlySet<string>): void {
  const scope = `${parent}.${message.name}`;
  for (const field of message.field) {
    field.jsonName = camelCase(field.name);
    if (field.typeName !== '' && !field.typeName.startsWith('.'))
      field.typeName = `.${resolve(field.typeName, scope, known)}`;
  }
  for (const nested of message.nestedType) complete(nested, scope, known);
}

/** A relative name refers to the innermost scope that has it. */
function resolve(name: string, scope: string, known: ReadonlySet<string>): string {
  const steps = scope.split('.');
  const scopes = steps.map((_, index) => steps.slice(0, steps.length - index).join('.'));
  return scopes.map((each) => `${each}.${name}`).find((full) => known.has(full)) ?? name;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
