import { download } from '../downloads/download.js';
import { field } from '../headers.js';
import { largestInput } from '../inputs/storing.js';
import { bytes, many, one, oneOrMany } from '../openapi/shapes.js';
import { forJob, open } from '../operation.js';
import { problems } from '../problems.js';
import { uploadBase64 } from '../uploads/base64.js';
import { lookAtUpload, uploadChunk } from '../uploads/chunk.js';
import { isWhole, readPlace } from '../uploads/content-range.js';
import { uploadWhole } from '../uploads/whole.js';

/** Clients put these behind `server`, whatever name it has. */
const at = (path: string): string => `/dl/:server${path}`;

const upload = forJob(
  {
    method: 'POST',
    path: at('/upload-file/:job'),
    summary: 'Uploads a file, or with Content-Range and X-Oc-Upload-Uuid a chunk of one.',
    body: bytes,
    answers: { 200: { oneOf: [one('Upload'), one('PartialUpload')] } },
  },
  async (visit) => {
    const { exchange, parts, caller } = visit;
    const uuid = field(exchange.headers, 'upload-uuid');
    const header = exchange.headers['content-range'];
    if (header === undefined) return uploadWhole(visit, { raw: false, ...(uuid !== undefined && { uuid }) });
    const place = readPlace(header, largestInput(parts, caller.account));
    if (uuid !== undefined) return uploadChunk(visit, { uuid, place });
    if (!isWhole(place)) throw problems.bad('A chunk wants the header X-Oc-Upload-Uuid.');
    return uploadWhole(visit, { raw: true, length: place.total });
  },
);

const look = forJob(
  {
    method: 'GET',
    path: at('/upload-file/:job'),
    summary: 'How far the upload of X-Oc-Upload-Uuid is.',
    answers: { 200: { oneOf: [one('Upload'), one('PartialUpload')] } },
  },
  async (visit) => {
    const uuid = field(visit.exchange.headers, 'upload-uuid');
    if (uuid === undefined) throw problems.bad('The header X-Oc-Upload-Uuid is wanted.');
    return lookAtUpload(visit, uuid);
  },
);

const base64 = forJob(
  {
    method: 'POST',
    path: at('/upload-base64/:job'),
    summary: 'Uploads a small file as base64, or a list of them.',
    body: oneOrMany('Base64File'),
    answers: { 200: { oneOf: [one('Upload'), many('Upload')] } },
  },
  uploadBase64,
);

const downloadByName = open(
  {
    method: 'GET',
    path: at('/download-file/:job/:file'),
    summary: 'An output, by its name or id; with a Range, a part of it.',
    query: { encoding: 'base64: as text.' },
    answers: { 200: bytes, 206: bytes },
  },
  download,
);

const downloadById = open(
  {
    method: 'GET',
    path: at('/download-file/:job/:file/:name'),
    summary: 'An output, by its id; the name is not looked at.',
    query: { encoding: 'base64: as text.' },
    answers: { 200: bytes, 206: bytes },
  },
  download,
);

export const transferOperations = [upload, look, base64, downloadByName, downloadById];
