import type { Staged } from '../../../engine/verbs.js';
import { bytes, flag, int, long, nillable, operationsWith, optional, text } from '../../../wire/soap/index.js';
import { findUpload } from '../asker.js';
import type { Context } from '../context.js';
import { readFile } from '../messages.js';
import { begunStatusOf, statusOf } from '../status.js';
import { anyContentArguments, anyStatus, FileUploadFault } from '../types.js';
import { acceptChunk, stageChunk } from '../uploads/append.js';
import { cancelFile } from '../uploads/cancel.js';
import { completeFile } from '../uploads/complete.js';
import { startFile } from '../uploads/start.js';

const operation = operationsWith<Context>();

/** Initialises an upload (specs/brightsign.md §A5). */
export const StartFileUpload = operation({
  doc: 'Begins the upload of a file and answers its upload token.',
  params: { args: anyContentArguments },
  flat: 'args',
  result: anyStatus,
  fault: FileUploadFault,
  run: async ({ args }, context) => {
    context.caller.need('upload');
    return begunStatusOf(await startFile(context, readFile(args)));
  },
});

/** Adds a chunk; the offset alone places it, the part number is a label (§A8, §A9). */
export const AppendChunk = operation({
  doc: 'Adds a chunk of a file at an offset, in any order; answers true once it is stored.',
  params: {
    sessionToken: nillable(text()),
    uploadToken: nillable(text()),
    partNumber: optional(int(), { minOccurs: 0 }),
    data: bytes(),
    offset: optional(long(), { minOccurs: 0 }),
  },
  result: flag(),
  fault: FileUploadFault,
  receive: async (place, context, source): Promise<Staged> => {
    const staged = await stageChunk(context, place, source);
    context.dropLater(staged);
    return staged;
  },
  run: ({ data, ...place }, context) => acceptChunk(context, place, { staged: data, found: context.answerAs }),
});

/** Completes an upload: what is specified now wins over what StartFileUpload said (§A6). */
export const CompleteFileUpload = operation({
  doc: 'Makes an uploaded file a content of the library and answers its content id.',
  params: { args: anyContentArguments },
  flat: 'args',
  result: anyStatus,
  fault: FileUploadFault,
  run: async ({ args }, context) => {
    context.caller.need('upload');
    return statusOf(await completeFile(context, readFile(args)));
  },
});

/** Cancels an upload; an unknown one is answered with nil, without error (§A8). */
export const CancelFileUpload = operation({
  doc: 'Cancels an upload and deletes its chunks; answers nil for an unknown token.',
  params: { uploadToken: nillable(text(), { aka: ['sessionToken'] }) },
  result: nillable(anyStatus),
  fault: FileUploadFault,
  run: async ({ uploadToken }, context) => {
    const upload = uploadToken ? await cancelFile(context, uploadToken) : undefined;
    if (upload) context.answerAs(upload);
    return upload && statusOf(upload);
  },
});

/** Tells how an upload stands; an unknown one is answered with nil, without error (§A8). */
export const GetFileUploadStatus = operation({
  doc: 'Answers how an upload stands; nil for an unknown token.',
  params: { uploadToken: nillable(text(), { aka: ['sessionToken'] }) },
  result: nillable(anyStatus),
  fault: FileUploadFault,
  run: async ({ uploadToken }, context) => {
    const upload = uploadToken ? await findUpload(context, uploadToken) : undefined;
    if (upload) context.answerAs(upload);
    return upload && statusOf(upload);
  },
});
