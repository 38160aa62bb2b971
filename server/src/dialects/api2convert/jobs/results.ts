import { Refusal } from '../../../engine/refusals.js';
import type { FinishSpec } from '../../../engine/verbs.js';
import type { Account } from '../../../services/accounts/accounts.js';
import type { Parts } from '../context.js';
import { ConversionFailed, type ConversionWork } from '../conversions/conversion.js';
import { withDefaults } from '../conversions/judging.js';
import { keepPassword } from '../downloads/passwords.js';
import { newUuid } from '../ids.js';
import { fileAway, versionOf } from '../inputs/filing.js';
import { store } from '../inputs/storing.js';
import { freeName, safeName, splitName } from '../names.js';
import { refusals } from '../refusals.js';
import { needJob, save } from './change.js';
import { inputOf } from './converting.js';
import type { Input, JobConversion, Output } from './job.js';

/** Whose results are taken in. */
export interface Emitting {
  readonly id: string;
  /** The durable job; results of any other are not taken. */
  readonly work: string;
  readonly account: Account;
  readonly conversion: JobConversion;
  readonly inputs: readonly Input[];
  readonly signal: AbortSignal;
}

/** The results of one call of a conversion. */
export interface Results {
  readonly emit: ConversionWork['emit'];
  /** Their ids, in the order in which they were there. */
  emitted(): readonly string[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : Number.POSITIVE_INFINITY);

const becomingResult = (
  parts: Parts,
  { id, work, conversion, inputs }: Emitting,
  { name, type }: { name: string; type: string },
): FinishSpec => ({
  record: async (facts, upload) => {
    const before = await needJob(facts, id);
    if (before.status !== 'processing' || before.work !== work) throw new ConversionFailed('The job has ended.');
    if (before.results.length >= parts.options.maxOutputs)
      throw new ConversionFailed(`A job has at most ${parts.options.maxOutputs} outputs.`);
    const filename = freeName(
      name,
      before.results.map((each) => each.filename),
    );
    const { folder, stored } = await fileAway(
      parts,
      facts,
      { id, job: before },
      { name: filename, type, version: versionOf(upload) },
    );
    const now = parts.host.clock.now();
    const password = text(conversion.options.download_password);
    const result: Output = {
      id: newUuid(parts.host.ids),
      conversion: conversion.id,
      inputs: inputs.map((input) => input.id),
      filename,
      disabled: false,
      downloads: 0,
      // The catalog may know a better type by the name; a conversion knows what it made.
      stored: { ...stored, type },
      passwords: password === '' ? [] : [keepPassword(password)],
      createdAt: now,
      expiresAt: now + parts.options.retention,
    };
    await save(parts, facts, id, { ...before, folder, results: [...before.results, result] }, before);
    return result.id;
  },
});

/** What an emitter throws where results cannot be taken in: for the client, if it can do something about it. */
const told = (error: unknown): unknown => {
  if (!(error instanceof Refusal)) return error;
  const isOwners = error.kind === 'over-quota' || error.kind === 'too-large';
  return isOwners ? new ConversionFailed(error.answer(refusals).message) : error;
};

/** Takes results in as uploads that are finished into the job's files, seen by nobody until the job has ended well. */
export const emitter = (parts: Parts, emitting: Emitting): Results => {
  const { account, conversion, signal } = emitting;
  const wish = text(conversion.options.output_filename);
  const most = number(conversion.options.max_outputs_per_input);
  const ids: string[] = [];
  let taken = 0;
  return {
    emitted: () => ids,
    emit: async ({ name, type }, body) => {
      signal.throwIfAborted();
      taken += 1;
      if (taken > most) {
        await body[Symbol.asyncIterator]().return?.();
        return;
      }
      const given = safeName(wish === '' ? name : `${wish}${splitName(name).ending}`);
      try {
        const upload = await store(parts, account, body, {
          name: given,
          finish: becomingResult(parts, emitting, { name: given, type }),
          gone: signal,
          maxSize: parts.host.quota.largestFile(account),
        });
        ids.push(String(upload.result));
      } catch (error) {
        throw told(error);
      }
    },
  };
};

/**
 * Makes one zip archive of several results, unless the client wants them apart (specs/api2convert.md §6); gives the ids of those
 * that are in it. Where this server makes no archives they stay apart.
 */
export const zipped = async (
  parts: Parts,
  emitting: Emitting,
  ids: readonly string[],
  folder: string,
): Promise<readonly string[]> => {
  const { conversion, inputs, signal } = emitting;
  const { allow_multiple_outputs: apart, allow_multiple_outputs_threshold: threshold, ...rest } = conversion.options;
  if (ids.length < 2 || (apart === true && ids.length <= number(threshold))) return [];
  const { host } = parts;
  const archive = await parts.conversions.find('zip', 'archive');
  if (!archive) return [];
  const job = await host.ledger.read((facts) => needJob(facts, emitting.id));
  const singles = job.results.filter(({ id }) => ids.includes(id));
  const { max_outputs_per_input: _, ...options } = rest;
  const zip = emitter(parts, { ...emitting, conversion: { ...conversion, options } });
  const name = `${splitName(inputs[0]?.filename ?? 'output').stem}.zip`;
  await archive.convert(
    singles.map(({ id, filename, stored }, index) =>
      inputOf(host.engine, { id, filename, stored, options: {}, password: null }, { folder, index, signal }),
    ),
    withDefaults(archive.optionsSchema, {}),
    {
      signal,
      folder,
      log: host.log,
      emit: (spec, body) => zip.emit({ ...spec, name }, body),
      progress: () => undefined,
    },
  );
  return ids;
};
