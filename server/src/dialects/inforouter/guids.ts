/** 32 hexadecimal digits, lower case: a GUID without its hyphens, as keys and ids have it. */
export type Guid = string;

const forms = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{32}$/i,
  /^\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}$/i,
];

/** Reads a GUID: with hyphens, without, or in braces, in any letter case (specs/inforouter.md §5.3). Undefined for what is none. */
export const readGuid = (text: string): Guid | undefined => {
  const trimmed = text.trim();
  return forms.some((form) => form.test(trimmed)) ? trimmed.replace(/[{}-]/g, '').toLowerCase() : undefined;
};
