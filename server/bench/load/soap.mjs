import { createHash, randomFillSync } from 'node:crypto';
import { Connection, head, inParallel } from './connection.mjs';
import { secondsSince, serveJob } from './job.mjs';

const namespace = 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/';
const data = 'BSN.WebServices.Uploads.DTO.2014.07';
const security = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const pieceBytes = 1024 * 1024;

const envelopeStart = ({ login, password }) =>
  '<?xml version="1.0" encoding="utf-8"?>' +
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="${namespace}" xmlns:d="${data}"` +
  ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">' +
  `<e:Header><w:Security xmlns:w="${security}"><w:UsernameToken><w:Username>${login}</w:Username>` +
  `<w:Password>${password}</w:Password></w:UsernameToken></w:Security></e:Header><e:Body>`;

const envelopeEnd = '</e:Body></e:Envelope>';

function* pieces(bytes) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function* request(target, operation, before, middle, after) {
  const first = Buffer.from(`${envelopeStart(target)}<t:${operation}>${before}`);
  const last = Buffer.from(`${after}</t:${operation}>${envelopeEnd}`);
  const length = first.length + middle.length + last.length;
  yield head('POST', target.path, {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${namespace}ContentUploadService/${operation}"`,
    'content-length': length,
  });
  yield first;
  yield* pieces(middle);
  yield last;
}

const nothing = Buffer.alloc(0);

async function call(connection, target, operation, args) {
  const answer = await connection.exchange(200, request(target, operation, `<t:args>${args}</t:args>`, nothing, ''));
  return answer.body.toString('utf8');
}

async function appendChunk(connection, target, token, { index, offset, base64 }) {
  const before = `<t:sessionToken i:nil="true"/><t:uploadToken>${token}</t:uploadToken><t:partNumber>${index}</t:partNumber><t:data>`;
  const after = `</t:data><t:offset>${offset}</t:offset>`;
  const answer = await connection.exchange(200, request(target, 'AppendChunk', before, base64, after));
  if (!/AppendChunkResult[^>]*>true</.test(answer.body.toString('utf8'))) throw new Error(answer.body.toString('utf8'));
}

/** A file of one chunk repeated: its chunks with their base64 made once, and its SHA-1. */
function file({ size, chunk }) {
  const bytes = randomFillSync(Buffer.allocUnsafe(chunk));
  const whole = Buffer.from(bytes.toString('base64'), 'latin1');
  const rest = size % chunk;
  const tail = Buffer.from(bytes.subarray(0, rest).toString('base64'), 'latin1');
  const chunks = [];
  const sha1 = createHash('sha1');
  for (let offset = 0; offset < size; offset += chunk) {
    const isTail = size - offset < chunk;
    sha1.update(isTail ? bytes.subarray(0, rest) : bytes);
    chunks.push({ index: chunks.length, offset, base64: isTail ? tail : whole });
  }
  return { chunks, sha1: sha1.digest('hex'), size };
}

/** The same wild order in every run. */
function shuffled(items) {
  let seed = 20_190_301;
  const random = (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = random(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Starts the upload and gives its token; a server that stores nothing has no uploads to start. */
async function start(connection, target, name, { size, sha1 }, declare) {
  if (target.storesNothing) return 'none';
  const hash = declare ? `<d:SHA1Hash>${sha1}</d:SHA1Hash>` : '';
  const args = `<d:FileName>${name}</d:FileName><d:FileSize>${size}</d:FileSize>${hash}`;
  const said = await call(connection, target, 'StartFileUpload', args);
  const token = /<(?:\w+:)?UploadToken[^>]*>([^<]+)</.exec(said)?.[1];
  if (token === undefined) throw new Error(`no UploadToken in ${said}`);
  return token;
}

async function complete(connection, target, token, name) {
  const args = `<d:FileName>${name}</d:FileName><d:UploadToken>${token}</d:UploadToken>`;
  const said = await call(connection, target, 'CompleteFileUpload', args);
  if (!/State[^>]*>Completed</.test(said)) throw new Error(`not completed: ${said}`);
}

async function appendAll(open, target, name, content, work) {
  const token = await start(open[0], target, name, content, work.declare);
  const chunks = work.order === 'random' ? shuffled(content.chunks) : content.chunks;
  const begin = process.hrtime.bigint();
  await inParallel(open, chunks.length, (i, connection) => appendChunk(connection, target, token, chunks[i]));
  return { token, seconds: secondsSince(begin) };
}

async function* chunked({ port, target, work }) {
  const open = await Promise.all(Array.from({ length: work.parallel }, () => Connection.open(port)));
  const small = file({ ...work, ...work.warmUp });
  const content = file(work);
  const warm = await appendAll(open, target, 'warm-up.bin', small, { ...work, declare: false });
  if (!target.storesNothing) await complete(open[0], target, warm.token, 'warm-up.bin');
  yield null;
  const { token, seconds } = await appendAll(open, target, 'bench.bin', content, work);
  yield { seconds, bytes: content.size };
  if (!target.storesNothing) {
    const begin = process.hrtime.bigint();
    await complete(open[0], target, token, 'bench.bin');
    yield { finishSeconds: secondsSince(begin) };
  }
  for (const connection of open) connection.close();
}

await serveJob(chunked);
