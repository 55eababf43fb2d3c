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
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';
import { descriptorsOf, reflectedOf } from './descriptors.ts';
import type { Json } from './operation.ts';

const protoFolder = fileURLToPath(new URL('../../../../protos', import.meta.url));
const files = ['incident', 'topology', 'ledger', 'workload', 'hygiene'].map((name) => `faultline/v1/${name}.proto`);

export interface MessageCodec {
  readonly message: DescMessage;
  encode(json: Json): Buffer;
  decode(bytes: Uint8Array): Json;
}

export interface Contract {
  /** For reflection: our services and health, with every type resolved, as strict clients need it. */
  readonly reflected: PackageDefinition;
  /** Every method of the protos, as `faultline.v1.Service/Method`. */
  readonly methods: readonly string[];
  /** Request and response of a method. Throws when the protos have no such method. */
  method(service: string, name: string): { readonly input: MessageCodec; readonly output: MessageCodec };
}

/** Reads the .proto files. */
export function loadContract(): Contract {
  const descriptors = descriptorsOf(loadSync(files, { includeDirs: [protoFolder], keepCase: true }));
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: descriptors }));
  return {
    reflected: reflectedOf([...descriptors, ...descriptorsOf(loadSync(healthProto, { keepCase: true }))]),
    methods: [...registry].flatMap((each) =>
      each.kind === 'service' ? each.methods.map((method) => `${each.typeName}/${method.name}`) : [],
    ),
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
