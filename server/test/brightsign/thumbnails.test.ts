import { mkdtempSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Args, useDesk } from './desk.js';
import { pagesOf } from './pages.js';

const folder = mkdtempSync(join(tmpdir(), 'longshore-'));
/** Where copies of contents are drawn from. */
const copies = join(folder, 'copies');
const usual = process.env['TMPDIR'];
beforeAll(async () => {
  await mkdir(copies);
  process.env['TMPDIR'] = copies;
  // Writes a picture to the file that its last argument names, as ffmpeg would; a video that says so makes it fail.
  const frame = join(folder, 'frame.png');
  await sharp({ create: { width: 640, height: 360, channels: 3, background: '#00ff00' } })
    .png()
    .toFile(frame);
  await writeFile(
    join(folder, 'ffmpeg'),
    `#!/bin/sh\nfor last; do :; done\nwhile [ "$1" != -i ]; do shift; done\ngrep -q broken "\${2#file:}" && exit 1\nexec cp '${frame}' "\${last#file:}"\n`,
  );
  await chmod(join(folder, 'ffmpeg'), 0o755);
});
afterAll(async () => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await rm(folder, { recursive: true });
});

const desk = useDesk({ ffmpeg: join(folder, 'ffmpeg'), thumbnailBytes: 1_000_000 });
const { append, begin, call, complete, content, exists, server, start } = desk;
const { bring, html } = pagesOf(desk);

const add = async (bytes: Buffer, args: Args): Promise<string> => {
  const token = await begin({ FileSize: bytes.length, ...args });
  for (let at = 0; at < bytes.length; at += 2 ** 20) await append(token, at, bytes.subarray(at, at + 2 ** 20));
  return (await complete({ UploadToken: token })).get('ContentId') ?? '';
};

/** Does the jobs that wait, each as often as it is tried; says how they ended. */
const doJobs = async (): Promise<string[]> => {
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

  it('of a video is a frame; a video that ffmpeg cannot read fails its job alone', async () => {
    const id = await add(Buffer.from('a film'), { FileName: 'a.mp4' });
    const broken = await add(Buffer.from('a broken film'), { FileName: 'b.mp4' });
    expect((await doJobs()).sort()).toEqual(['done', 'failed']);
    const answer = await fetch((await thumbOf(id)) ?? '');
    const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([width, height]).toEqual([256, 144]);
    expect(await thumbOf(broken)).toBeNull();
  });

  it('of a video is not there where there is no ffmpeg', async () => {
    await rm(join(folder, 'ffmpeg'));
    const id = await add(Buffer.from('a film'), { FileName: 'a.mp4' });
    expect(await doJobs()).toEqual(['done']);
    expect(await thumbOf(id)).toBeNull();
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
