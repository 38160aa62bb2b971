/** A JSON schema, as far as the document uses it. */
export interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Shape;
  readonly oneOf?: readonly Shape[];
  readonly format?: string;
}

const text: Shape = { type: 'string' };
const flag: Shape = { type: 'boolean' };
const count: Shape = { type: 'integer' };
const time: Shape = { type: 'string', description: 'UTC: YYYY-MM-DDTHH:MM:SS.' };
const listOf = (items: Shape): Shape => ({ type: 'array', items });
const objectOf = (properties: Readonly<Record<string, Shape>>, required = Object.keys(properties)): Shape => ({
  type: 'object',
  properties,
  required,
});
/** A map; an empty one is an empty list. */
const map: Shape = {
  oneOf: [
    { type: 'object', additionalProperties: true },
    { type: 'array', items: {} },
  ],
};
const ref = (name: string): Shape => ({ $ref: `#/components/schemas/${name}` });

const uploadId = objectOf({ job: text, input: text });

/** Every schema that has a name. */
export const schemas = {
  Status: objectOf({ code: text, info: text }),
  Trouble: objectOf({
    source: { type: 'string', enum: ['input', 'conversion'] },
    id_source: text,
    code: count,
    message: text,
    details: { type: 'object' },
  }),
  Input: objectOf({
    id: text,
    type: {
      type: 'string',
      enum: ['remote', 'upload', 'base64', 'input_id', 'output', 'gdrive_picker', 'cloud'],
    },
    status: { type: 'string', enum: ['canceled', 'downloading', 'failed', 'ready'] },
    source: text,
    engine: text,
    options: map,
    filename: text,
    size: count,
    hash: text,
    checksum: { type: 'string', description: 'MD5, hex.' },
    content_type: text,
    created_at: time,
    modified_at: time,
    credentials: map,
    parameters: map,
    metadata: map,
  }),
  NewInput: objectOf(
    {
      type: { type: 'string', enum: ['remote', 'base64', 'input_id', 'output', 'gdrive_picker', 'cloud'] },
      source: text,
      filename: text,
      options: map,
      credentials: map,
      parameters: map,
    },
    ['source'],
  ),
  JobConversion: objectOf({
    id: text,
    target: text,
    category: text,
    options: map,
    metadata: { type: 'object' },
    output_target: listOf({ type: 'object' }),
  }),
  NewConversion: objectOf({ category: text, target: text, options: map, metadata: map }, ['target']),
  Output: objectOf({
    id: text,
    source: objectOf({ conversion: text, input: listOf(text) }),
    filename: text,
    uri: text,
    size: count,
    status: { type: 'string', enum: ['enabled', 'disabled', 'expired', 'overuse'] },
    content_type: text,
    downloads_counter: count,
    checksum: { type: 'string', description: 'MD5, hex.' },
    created_at: time,
    metadata: map,
  }),
  Job: objectOf({
    id: text,
    token: text,
    type: text,
    status: ref('Status'),
    errors: listOf(ref('Trouble')),
    warnings: listOf(ref('Trouble')),
    process: flag,
    fail_on_input_error: flag,
    fail_on_conversion_error: flag,
    conversion: listOf(ref('JobConversion')),
    limits: map,
    input: listOf(ref('Input')),
    output: listOf(ref('Output')),
    callback: text,
    notify_status: flag,
    server: text,
    spent: count,
    created_at: time,
    modified_at: time,
  }),
  JobSettings: objectOf(
    {
      process: flag,
      fail_on_input_error: flag,
      fail_on_conversion_error: flag,
      limits: map,
      callback: text,
      notify_status: flag,
      download_passwords: listOf(text),
    },
    [],
  ),
  NewJob: objectOf(
    {
      process: flag,
      fail_on_input_error: flag,
      fail_on_conversion_error: flag,
      conversion: listOf(ref('NewConversion')),
      input: listOf(ref('NewInput')),
      limits: map,
      callback: text,
      notify_status: flag,
      download_passwords: listOf(text),
    },
    [],
  ),
  Upload: objectOf({
    completed: flag,
    id: uploadId,
    type: text,
    status: text,
    source: text,
    filename: text,
    size: count,
    checksum: text,
    content_type: text,
  }),
  PartialUpload: objectOf({
    completed: flag,
    id: uploadId,
    received: { type: 'integer', description: 'Bytes that are there.' },
    total: count,
    ranges: { type: 'array', items: listOf(count), description: 'First and last byte of what is there.' },
  }),
  Base64File: objectOf({ content: text, filename: text, options: map }, ['content']),
  HistoryEntry: objectOf({ id: text, status: text, info: text, created_at: time }),
  Thread: objectOf({
    hash: text,
    status: count,
    info: text,
    exec_time: count,
    created_at: time,
    modified_at: time,
  }),
  Conversion: objectOf({
    id: text,
    target: text,
    category: text,
    options: { type: 'object', additionalProperties: { type: 'object' } },
  }),
  Preset: objectOf({
    id: text,
    name: text,
    target: text,
    category: text,
    scope: { type: 'string', enum: ['public', 'private'] },
    options: map,
  }),
  NewPreset: objectOf({ name: text, target: text, category: text, scope: text, options: map }, [
    'name',
    'target',
    'options',
  ]),
  Day: objectOf({ date: text, jobs: count, bytes: count }),
  Anything: { type: 'object', additionalProperties: true },
  Error: objectOf({ code: count, message: text, errors: { type: 'object' } }, ['code', 'message']),
} as const satisfies Readonly<Record<string, Shape>>;

/** The schema of this name. */
export const one = (name: keyof typeof schemas): Shape => ref(name);

/** A list of these. */
export const many = (name: keyof typeof schemas): Shape => listOf(ref(name));

/** One of these, or a list of them: as it was asked. */
export const oneOrMany = (name: keyof typeof schemas): Shape => ({ oneOf: [one(name), many(name)] });

/** Bytes. */
export const bytes: Shape = { type: 'string', format: 'binary' };
