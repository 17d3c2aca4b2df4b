import { z } from 'zod';

/** JSON Schema of a contract schema, without what repeats on every page. */
export function jsonSchemaOf(schema, io) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** Types that get a section of their own and are named where they occur. */
export function createTypeNames(named) {
  const made = Object.entries(named).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')]);
  const byText = new Map(made.map(([name, schema]) => [identity(schema), name]));
  const descriptions = new Map(made.map(([name, { description }]) => [name, description]));
  const used = new Set();
  const nameOf = (schema) => {
    const name = byText.get(identity(schema)) ?? null;
    if (name !== null) used.add(name);
    return name;
  };
  /** Whether the section of the type says already what is said here. */
  const says = (schema) => descriptions.get(byText.get(identity(schema))) === schema.description;
  return { nameOf, says, used };
}

/** Two schemas that differ only in what is said about them are one type. */
function identity({ description: _description, default: _default, ...schema }) {
  return JSON.stringify(schema);
}

/** A JSON Schema written like a TypeScript type, with its descriptions as comments. */
export function typeText(schema, names, indent = '', isTop = true) {
  const named = isTop ? null : names.nameOf(schema);
  if (named !== null) return named;
  const { type, oneOf, anyOf, const: value } = schema;
  if (value !== undefined) return JSON.stringify(value);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  if (oneOf ?? anyOf) return union(oneOf ?? anyOf, names, indent);
  if (type === 'array') return arrayText(schema, names, indent);
  if (type === 'object') return objectText(schema, names, indent);
  if (Array.isArray(type)) return type.join(' | ');
  return type ?? 'unknown';
}

function union(members, names, indent) {
  const texts = members.map((member) => typeText(member, names, `${indent}  `, false));
  if (texts.every((text) => !text.includes('\n'))) return texts.join(' | ');
  return texts.map((text) => `\n${indent}  | ${text}`).join('');
}

function arrayText({ items }, names, indent) {
  const item = typeText(items ?? {}, names, indent, false);
  return /[ |]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

function objectText({ properties = {}, required = [], additionalProperties }, names, indent) {
  const fields = Object.entries(properties);
  if (fields.length === 0) {
    if (typeof additionalProperties !== 'object') return '{}';
    return `{ [key: string]: ${typeText(additionalProperties, names, indent, false)} }`;
  }
  const lines = fields.map(([name, schema]) => {
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    const text = typeText(schema, names, `${indent}  `, false);
    const note =
      names.nameOf(schema) !== null && names.says(schema) ? remark({ default: schema.default }) : remark(schema);
    const isOptional = !required.includes(name) || schema.default !== undefined;
    return `${indent}  ${key}${isOptional ? '?' : ''}: ${text};${note === '' ? '' : `  // ${note}`}`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** Description and limits, as a sentence. */
export function remark(
  { description, minimum, maximum, maxLength, minItems, maxItems, default: fallback },
  showsDefault = true,
) {
  const huge = Number.MAX_SAFE_INTEGER;
  const limits = [
    minimum !== undefined && maximum !== undefined && minimum > -huge && maximum < huge
      ? `${minimum} to ${maximum}`
      : '',
    maxLength === undefined ? '' : `${maxLength} characters at most`,
    showsDefault && fallback !== undefined ? `default ${JSON.stringify(fallback)}` : '',
    maxItems === undefined ? '' : `${minItems ?? 0} to ${maxItems} items`,
  ].filter((limit) => limit !== '');
  return [description ?? '', limits.length > 0 ? `(${limits.join(', ')})` : ''].filter((part) => part !== '').join(' ');
}
