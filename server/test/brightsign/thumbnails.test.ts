import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, lacking } from '../clients/needs.js';
import { output } from '../output.js';
import { type Args, useDesk } from './desk.js';
import { pagesOf } from './pages.js';

/** Where copies of contents are drawn from. */
const copies = mkdtempSync(join(tmpdir(), 'longshore-'));
const usual = process.env['TMPDIR'];
beforeAll(() => {
  process.env['TMPDIR'] = copies;
});
afterAll(async () => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await rm(copies, { recursive: true });
});

const desk = useDesk({ thumbnailBytes: 1_000_000 });
const { append, begin, call, complete, content, exists, start } = desk;
const { bring, html } = pagesOf(desk);

const add = async (bytes: Buffer, args: Args): Promise<string> => {
  const token = await begin({ FileSize: bytes.length, ...args });
  for (let at = 0; at < bytes.length; at += 2 ** 20) await append(token, at, bytes.subarray(at, at + 2 ** 20));
  return (await complete({ UploadToken: token })).get('ContentId') ?? '';
};

/** Does the jobs that wait, each as often as it is tried; says how they ended. */
const doJobs = async ({ server } = desk): Promise<string[]> => {
  const { jobs } = server().host;
  jobs.start();
  for (let turn = 0; turn < 2_000; turn += 1) {
    const list = await jobs.list();
    if (list.every(({ endedAt }) => endedAt !== null)) break;
    server().clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await jobs.stop();
  return (await jobs.list()).map(({ state }) => state);
};

/** The address of a content's thumbnail, as the library tells it. */
const thumbOf = async (id: string): Promise<string | null> => {
  const asked = `<t:GetContent><t:contentId>${id}</t:contentId></t:GetContent>`;
  return (await call(asked, { path: '/2014/12/SOAP/Basic/' })).get('ThumbPath');
};

const picture = (width: number, height: number, background = '#ff0000') =>
  sharp({ create: { width, height, channels: 3, background } });

describe('a thumbnail (§A12)', () => {
  it('is made of an image, at most 256 pixels wide and high, and is there by its address', async () => {
    const id = await add(await picture(1024, 512).png().toBuffer(), { FileName: 'lake.png' });
    expect(await thumbOf(id)).toBeNull();
    expect(await doJobs()).toEqual(['done']);
    const answer = await fetch((await thumbOf(id)) ?? '');
    const { format, width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 256, height: 128 });
    expect((await content(id)).file.versions).toHaveLength(1);
    expect((await readdir(copies)).filter((name) => name.startsWith('longshore-thumbnail-'))).toEqual([]);
  });

  it('that was given is kept as it is, and none is made', async () => {
    const bytes = await picture(300, 300).png().toBuffer();
    const given = Buffer.from('mine');
    const id = await add(bytes, { FileName: 'lake.png', FileThumb: given.toString('base64') });
    expect(await doJobs()).toEqual([]);
    const answer = await fetch((await thumbOf(id)) ?? '');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(given);
    expect((await fetch(((await thumbOf(id)) ?? '').replace(/.{8}\/thumbnail$/, 'xxxxxxxx/thumbnail'))).status).toBe(
      404,
    );
  });

  it('is made anew when the content is overwritten, and the old one goes', async () => {
    const id = await add(await picture(10, 10).png().toBuffer(), { FileName: 'lake.png' });
    await doJobs();
    const before = (await content(id)).file.metadata as { thumb: number };
    const bytes = await picture(20, 20, '#0000ff').png().toBuffer();
    const update = { FileName: 'lake.png', FileSize: bytes.length, ContentId: id };
    const token = (await start(update, undefined, 'ContentUpdateArguments')).get('UploadToken') ?? '';
    await append(token, 0, bytes);
    await complete({ UploadToken: token });
    expect(await thumbOf(id)).toBeNull();
    await doJobs();
    const after = (await content(id)).file.metadata as { thumb: number };
    const { dominant } = await sharp((await content(after.thumb)).bytes).stats();
    expect(dominant.b).toBeGreaterThan(200);
    await desk.sweep();
    expect(await exists(before.thumb)).toBe(false);
  });

  it('of a web page is a plain card', async () => {
    const { id } = await bring(html('<p>'), []);
    expect(await doJobs()).toEqual(['done']);
    const answer = await fetch((await thumbOf(id)) ?? '');
    const { format, width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect({ format, width }).toEqual({ format: 'png', width: 256 });
  });

  it('is not made of audio, of what is too large, nor of what only claims to be an image', async () => {
    const audio = await add(Buffer.from('a song'), { FileName: 'a.mp3' });
    const large = await add(Buffer.alloc(1_000_001), { FileName: 'a.png' });
    const svg = await add(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { FileName: 'b.png' });
    expect(await doJobs()).toEqual(['done', 'done']);
    for (const id of [audio, large, svg]) expect(await thumbOf(id)).toBeNull();
  });

  it('of a hostile image fails its job and nothing else', async () => {
    const whole = await picture(64, 64).png().toBuffer();
    const bomb = Buffer.from(whole);
    // A picture of 65,535 × 65,535 pixels, it says.
    bomb.writeUInt32BE(0xffff, 16);
    bomb.writeUInt32BE(0xffff, 20);
    const ids = [
      await add(bomb, { FileName: 'bomb.png' }),
      await add(whole.subarray(0, 60), { FileName: 'cut.png' }),
      await add(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 7)]), { FileName: 'junk.jpg' }),
    ];
    const good = await add(whole, { FileName: 'good.png' });
    expect((await doJobs()).sort()).toEqual(['done', 'failed', 'failed', 'failed']);
    for (const id of ids) expect(await thumbOf(id)).toBeNull();
    expect(await thumbOf(good)).not.toBeNull();
  });
});

/** What ffmpeg makes of a description: its test picture, in a file with this ending. */
const filmed = async (source: string, ending: string, how: readonly string[] = []): Promise<Buffer> => {
  const file = join(copies, `made.${ending}`);
  await output('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...how, file]);
  return readFile(file);
};

describeWith('a thumbnail by ffmpeg (§A12)', lacking('ffmpeg', ['-version'], 'ffmpeg'), () => {
  it.each([
    ['mp4', 'mpeg4'],
    ['mpg', 'mpeg2video'],
    ['mkv', 'mpeg4'],
  ])('of a video is one of its frames: %s', async (ending, codec) => {
    const film = await filmed('testsrc=size=640x360:rate=25:duration=1', ending, ['-c:v', codec]);
    const id = await add(film, { FileName: `a.${ending}` });
    expect(await doJobs()).toEqual(['done']);
    const answer = await fetch((await thumbOf(id)) ?? '');
    const made = sharp(Buffer.from(await answer.arrayBuffer()));
    expect(await made.metadata()).toMatchObject({ format: 'jpeg', width: 256, height: 144 });
    // It has the colours of the test picture, rather than one.
    for (const { stdev } of (await made.stats()).channels) expect(stdev).toBeGreaterThan(50);
  });

  it('of a Windows bitmap is a JPEG of it', async () => {
    const id = await add(await filmed('color=red:size=100x50', 'bmp', ['-frames:v', '1']), { FileName: 'a.bmp' });
    expect(await doJobs()).toEqual(['done']);
    const answer = await fetch((await thumbOf(id)) ?? '');
    const made = sharp(Buffer.from(await answer.arrayBuffer()));
    expect(await made.metadata()).toMatchObject({ format: 'jpeg', width: 100, height: 50 });
    const { dominant } = await made.stats();
    expect([dominant.r > 200, dominant.g < 50, dominant.b < 50]).toEqual([true, true, true]);
  });

  it('is not made of what is broken, or names other files: its job fails alone', async () => {
    const film = await filmed('testsrc=size=64x64:rate=5:duration=1', 'mp4', ['-c:v', 'mpeg4']);
    await writeFile(join(copies, 'other.mp4'), film);
    const ids = [
      await add(film.subarray(0, 100), { FileName: 'cut.mp4' }),
      await add(Buffer.from(`ffconcat version 1.0\nfile ${join(copies, 'other.mp4')}\n`), { FileName: 'list.mp4' }),
      await add(Buffer.from(`#EXTM3U\n#EXTINF:1,\nfile:${join(copies, 'other.mp4')}\n`), { FileName: 'list.ts' }),
      await add(Buffer.from('BM but no bitmap'), { FileName: 'junk.bmp' }),
    ];
    const good = await add(film, { FileName: 'good.mp4' });
    expect((await doJobs()).sort()).toEqual(['done', 'failed', 'failed', 'failed', 'failed']);
    for (const id of ids) expect(await thumbOf(id)).toBeNull();
    expect(await thumbOf(good)).not.toBeNull();
  });
});

describe.each(['', '/nowhere/ffmpeg'])('where ffmpeg is %j, which is none', (ffmpeg) => {
  const without = useDesk({ ffmpeg });

  it('videos and Windows bitmaps have no thumbnail', async () => {
    for (const name of ['a.mp4', 'a.bmp']) {
      const token = await without.begin({ FileName: name });
      await without.append(token, 0, Buffer.from('BM34567890'));
      await without.complete({ UploadToken: token });
    }
    expect(await doJobs(without)).toEqual(['done', 'done']);
  });
});
