import { json } from '../../../http/answers.js';
import { fieldReader, needObject, readJson } from '../body.js';
import { judgeOptions } from '../conversions/judging.js';
import { isUuid, newUuid } from '../ids.js';
import type { JsonObject } from '../jobs/job.js';
import { many, one } from '../openapi/shapes.js';
import { forAccount, open } from '../operation.js';
import { pageOf } from '../paging.js';
import { dropPreset, type Found, findPreset, listPresets, type Preset, putPreset } from '../presets/presets.js';
import { problems } from '../problems.js';
import { phpMap } from '../shapes/maps.js';
import { type AccountVisit, admitAccount } from '../visit.js';

const presetShape = ({ id, preset }: Found) => {
  const { name, target, category, scope, options } = preset;
  return { id, name, target, category, scope, options: phpMap(options) };
};

const list = open(
  {
    method: 'GET',
    path: '/presets',
    summary: 'Public presets, and the account’s own.',
    query: {
      category: 'Only those of this category.',
      target: 'Only those of this target.',
      filter: 'Phrases, parted by commas; one of them is in the name.',
      page: 'Page, from 1 on.',
    },
    answers: { 200: many('Preset') },
  },
  async (visit) => {
    const { query } = visit.exchange;
    // Without a key the public ones are told.
    const account = await admitAccount(visit).catch(() => undefined);
    const phrases = (query.get('filter') ?? '')
      .toLowerCase()
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    const fits = ({ preset: { name, category, target } }: Found): boolean =>
      category === (query.get('category') ?? category) &&
      target === (query.get('target') ?? target) &&
      (phrases.length === 0 || phrases.some((phrase) => name.toLowerCase().includes(phrase)));
    const all = await visit.parts.host.ledger.read((facts) => listPresets(facts, account?.caller.account.name));
    const found = all.filter(fits);
    return json(200, pageOf(found, query).map(presetShape), { 'x-count': found.length });
  },
);

/** Reads a preset, or what a change makes of one; refuses 400, and 403 for a public one that is not an administrator's. */
const readPreset = async ({ parts, caller }: AccountVisit, body: JsonObject, before?: Preset): Promise<Preset> => {
  const reader = fieldReader(body);
  const name = reader.text('name')?.trim() ?? before?.name ?? '';
  const target = reader.text('target') ?? before?.target ?? '';
  const category = reader.text('category') ?? (target === before?.target ? before.category : undefined);
  const options = reader.object('options') ?? before?.options;
  const scope = reader.text('scope') ?? before?.scope ?? 'private';
  if (name === '' || name.length > 255) reader.fault('name', 'must be a text of 1 to 255 characters.');
  if (!options) reader.fault('options', 'is required.');
  if (scope !== 'public' && scope !== 'private') reader.fault('scope', 'must be public or private.');
  const conversion = target === '' ? undefined : await parts.conversions.find(target, category);
  if (!conversion) reader.fault('target', 'is not a target of this server.');
  const { said, faults } = judgeOptions(conversion?.optionsSchema ?? {}, conversion ? (options ?? {}) : {});
  for (const [option, messages] of Object.entries(faults)) reader.fault(`options.${option}`, messages[0] ?? '');
  reader.judge();
  if (scope === 'public') caller.need('admin');
  return {
    owner: before?.owner ?? caller.account.name,
    name,
    target: conversion?.target ?? target,
    category: conversion?.category ?? '',
    scope: scope === 'public' ? 'public' : 'private',
    options: said,
  };
};

const add = forAccount(
  {
    method: 'POST',
    path: '/presets',
    summary: 'Keeps options of a target under a name.',
    body: one('NewPreset'),
    answers: { 201: one('Preset') },
  },
  async (visit) => {
    const { parts } = visit;
    const preset = await readPreset(visit, needObject(await readJson(visit)));
    const id = newUuid(parts.host.ids);
    await parts.host.ledger.transact(async (facts) => putPreset(facts, id, preset));
    return json(201, presetShape({ id, preset }));
  },
);

const need = async ({ parts, exchange, caller }: AccountVisit): Promise<Found> => {
  const id = (exchange.params.preset ?? '').toLowerCase();
  const preset = await parts.host.ledger.read((facts) => findPreset(facts, id, caller.account.name));
  if (!isUuid(id) || !preset) throw problems.notFound('Preset');
  return { id, preset };
};

/** As `need`, but only the account's own. */
const needOwn = async (visit: AccountVisit): Promise<Found> => {
  const found = await need(visit);
  if (found.preset.owner !== visit.caller.account.name) throw problems.notFound('Preset');
  return found;
};

const readOne = forAccount(
  { method: 'GET', path: '/presets/:preset', summary: 'One preset.', answers: { 200: one('Preset') } },
  async (visit) => json(200, presetShape(await need(visit))),
);

const patch = forAccount(
  {
    method: 'PATCH',
    path: '/presets/:preset',
    summary: 'Changes a preset of one’s own.',
    body: one('Anything'),
    answers: { 200: one('Preset') },
  },
  async (visit) => {
    const { parts } = visit;
    const { id, preset: before } = await needOwn(visit);
    const preset = await readPreset(visit, needObject(await readJson(visit)), before);
    await parts.host.ledger.transact(async (facts) => putPreset(facts, id, preset));
    return json(200, presetShape({ id, preset }));
  },
);

const remove = forAccount(
  { method: 'DELETE', path: '/presets/:preset', summary: 'Removes a preset of one’s own.', answers: { 204: null } },
  async (visit) => {
    const { id } = await needOwn(visit);
    await visit.parts.host.ledger.transact(async (facts) => dropPreset(facts, id));
    return { status: 204 };
  },
);

export const presetOperations = [list, add, readOne, patch, remove];
