import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { loadContract } from './proto.ts';

const encoded = Object.values(loadContract().reflected) as { readonly fileDescriptorProtos: readonly Uint8Array[] }[];
const files = encoded.flatMap((entry) =>
  entry.fileDescriptorProtos.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes)),
);
const fileNamed = (name: string): FileDescriptorProto | undefined => files.find((file) => file.name === name);

const messagesBelow = (message: DescriptorProto): DescriptorProto[] => [
  message,
  ...message.nestedType.flatMap(messagesBelow),
];
const messages = files.flatMap((file) => file.messageType.flatMap(messagesBelow));

it('a client that has only what reflection tells can resolve every type of every service', () => {
  const services = files
    .filter((file) => file.service.length > 0)
    .flatMap((file) => [...createFileRegistry(file, fileNamed)])
    .flatMap((each) => (each.kind === 'service' ? [each.typeName] : []));
  expect(services.sort()).toEqual([
    'faultline.v1.HygieneService',
    'faultline.v1.IncidentService',
    'faultline.v1.LedgerService',
    'faultline.v1.TopologyService',
    'faultline.v1.WorkloadService',
    'grpc.health.v1.Health',
  ]);
});

it('type names are absolute and entries of maps have their usual name, which Go clients insist on', () => {
  const typeNames = messages.flatMap((message) => message.field.map((field) => field.typeName)).filter(Boolean);
  expect(typeNames.filter((name) => !name.startsWith('.'))).toEqual([]);
  const entries = messages.filter((message) => message.options?.mapEntry).map((message) => message.name);
  expect(entries).toContain('LabelsEntry');
  expect(entries.filter((name) => !/^[A-Z]\w*Entry$/.test(name))).toEqual([]);
});
