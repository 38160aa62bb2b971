import { type FieldReader, fieldReader, needObjects } from '../body.js';
import type { Parts } from '../context.js';
import { judgeOptions } from '../conversions/judging.js';
import { isPassword, keepPassword } from '../downloads/passwords.js';
import { newUuid } from '../ids.js';
import { presetNamed } from '../presets/presets.js';
import { type Faults, problems } from '../problems.js';
import type { JobConversion, JobRecord, JsonObject } from './job.js';

const longestPassword = 65_000;

/** What a client may set about a job, as far as it did (specs/api2convert.md §4). */
export type JobSettings = Partial<
  Pick<
    JobRecord,
    'process' | 'failOnInputError' | 'failOnConversionError' | 'limits' | 'callback' | 'notifyStatus' | 'passwords'
  >
>;

const readPasswords = (body: JsonObject, reader: FieldReader): readonly string[] | undefined => {
  const said = body.download_passwords;
  if (said === undefined || said === null) return undefined;
  const list = Array.isArray(said) ? said : [said];
  const texts = list.filter((each) => typeof each === 'string' && isPassword(each, longestPassword)) as string[];
  if (texts.length < list.length)
    reader.fault('download_passwords', `must be texts of at most ${longestPassword} printable ASCII characters.`);
  return texts.filter((each) => each !== '').map(keepPassword);
};

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Reads what a client sets about a job; refuses 400. Fields that nobody knows are ignored. */
export const readSettings = (body: JsonObject): JobSettings => {
  const reader = fieldReader(body);
  const callback = reader.text('callback')?.trim();
  if (callback !== undefined && callback !== '' && !isWebAddress(callback))
    reader.fault('callback', 'must be an http or https URL.');
  const settings = {
    process: reader.flag('process'),
    failOnInputError: reader.flag('fail_on_input_error'),
    failOnConversionError: reader.flag('fail_on_conversion_error'),
    limits: reader.object('limits'),
    callback,
    notifyStatus: reader.flag('notify_status'),
    passwords: readPasswords(body, reader),
  };
  reader.judge();
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as JobSettings;
};

const prefixed = (faults: Faults, path: string): Faults =>
  Object.fromEntries(Object.entries(faults).map(([name, messages]) => [`${path}${name}`, messages]));

/** Judges options by their target's schema and puts those of a named preset beneath them. Refuses 400. */
export const readOptions = async (
  parts: Parts,
  owner: string,
  { category, target, options, path }: { category: string; target: string; options: JsonObject; path: string },
): Promise<JsonObject> => {
  const conversion = await parts.conversions.find(target, category);
  if (!conversion) throw problems.invalid({ [`${path}target`]: [`There is no target ${target} on this server.`] });
  const word = options.preset;
  const preset =
    typeof word === 'string' && word !== ''
      ? await parts.host.ledger.read((facts) => presetNamed(facts, word, { account: owner, category, target }))
      : undefined;
  if (typeof word === 'string' && word !== '' && !preset)
    throw problems.invalid({ [`${path}options.preset`]: ['There is no such preset for this target.'] });
  const { said, faults } = judgeOptions(conversion.optionsSchema, { ...preset?.options, ...options });
  if (Object.keys(faults).length > 0) throw problems.invalid(prefixed(faults, `${path}options.`));
  return said;
};

/** Reads one conversion that a job is to do; refuses 400 for a target or options that are not known, and for an `output_target`. */
export const readConversion = async (
  parts: Parts,
  owner: string,
  body: JsonObject,
  path: string,
): Promise<JobConversion> => {
  const reader = fieldReader(body, path);
  const target = reader.text('target')?.trim() ?? '';
  const category = reader.text('category')?.trim();
  const options = reader.object('options') ?? {};
  const metadata = reader.object('metadata') ?? {};
  if (target === '') reader.fault('target', 'is required.');
  reader.judge();
  refuseTargets(body, path);
  const conversion = await parts.conversions.find(target, category === '' ? undefined : category);
  if (!conversion) {
    const wanted = category === undefined || category === '' ? target : `${category}/${target}`;
    throw problems.invalid({ [`${path}target`]: [`There is no target ${wanted} on this server.`] });
  }
  const found = { category: conversion.category, target: conversion.target };
  return {
    id: newUuid(parts.host.ids),
    ...found,
    options: await readOptions(parts, owner, { ...found, options, path }),
    metadata,
  };
};

/**
 * Refuses 400 for outputs that are to be delivered to a cloud: such a job has none to download, so one that was taken and not
 * delivered would be lost work.
 */
const refuseTargets = (body: JsonObject, path: string): void => {
  const [first] = needObjects(body.output_target, `${path}output_target`);
  if (!first) return;
  const where = typeof first.type === 'string' ? first.type : 'a cloud';
  throw problems.invalid({
    [`${path}output_target`]: [`This server delivers nothing to ${where}: outputs are downloaded from it.`],
  });
};

/** Reads the conversions of a job. */
export const readConversions = async (
  parts: Parts,
  owner: string,
  list: readonly JsonObject[],
  path: (index: number) => string,
): Promise<JobConversion[]> => {
  const read: JobConversion[] = [];
  for (const [index, each] of list.entries()) read.push(await readConversion(parts, owner, each, path(index)));
  return read;
};
