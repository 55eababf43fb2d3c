import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';

export type JsonSchema = Record<string, unknown>;

/** The JSON Schema of a message's proto3 JSON. Adds the messages that it uses to `components` by their short names. */
export function schemaOfMessage(message: DescMessage, components: Record<string, JsonSchema>): JsonSchema {
  if (message.typeName === 'google.protobuf.Timestamp') return { type: 'string', format: 'date-time' };
  const reference = { $ref: `#/components/schemas/${message.name}` };
  if (components[message.name] !== undefined) return reference;
  const schema: JsonSchema = { type: 'object' };
  components[message.name] = schema;
  schema['properties'] = Object.fromEntries(
    message.fields.map((field) => [field.jsonName, schemaOfField(field, components)]),
  );
  return reference;
}

function schemaOfField(field: DescField, components: Record<string, JsonSchema>): JsonSchema {
  if (field.fieldKind === 'map') return { type: 'object', additionalProperties: schemaOfScalar(ScalarType.STRING) };
  if (field.fieldKind === 'list')
    return {
      type: 'array',
      items: field.message === undefined ? schemaOfScalar(field.scalar) : schemaOfMessage(field.message, components),
    };
  if (field.message === undefined) return schemaOfScalar(field.scalar);
  // A message that is not set is null.
  return { anyOf: [schemaOfMessage(field.message, components), { type: 'null' }] };
}

function schemaOfScalar(scalar: ScalarType | undefined): JsonSchema {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.DOUBLE:
      return { type: 'number' };
    case ScalarType.INT32:
      return { type: 'integer', format: 'int32' };
    case ScalarType.BYTES:
      return { type: 'string', format: 'byte' };
    default:
      return { type: 'string' };
  }
}
