import { describe, expect, it } from 'vitest';
import { sha1, ten, useDesk } from './desk.js';

const { append, begin, cancel, complete, content, status } = useDesk();

describe('chunks (§A9)', () => {
  it('may be sent again; until the end the last bytes for a place win', async () => {
    const token = await begin();
    await append(token, 0, Buffer.from('XXXXX'));
    await append(token, 5, ten.subarray(5));
    await append(token, 5, ten.subarray(5));
    await append(token, 0, ten.subarray(0, 5));
    const done = await complete({ UploadToken: token, SHA1Hash: sha1(ten) });
    expect((await content(done.get('ContentId'))).bytes).toEqual(ten);
  });

  it('beyond the end are refused', async () => {
    const token = await begin();
    expect((await append(token, 8, Buffer.from('abc'))).fault).toMatch(/beyond the end/);
    expect((await status(token)).get('State')).toBe('Started');
  });

  it('for what is over, unknown or a stranger’s are refused', async () => {
    const done = await begin({ FileSize: 0 });
    await complete({ UploadToken: done });
    expect((await append(done, 0, ten)).fault).toMatch(/has been completed/);
    const cancelled = await begin();
    await cancel(cancelled);
    expect((await append(cancelled, 0, ten)).fault).toMatch(/has been cancelled/);
    expect((await append('nobody', 0, ten)).fault).toMatch(/no upload with this upload token/);
    expect((await append('../../etc/passwd', 0, ten)).fault).toMatch(/no upload with this upload token/);
    const mine = await begin();
    const stranger = { user: 'Acme/bob' };
    expect((await append(mine, 0, ten, stranger)).fault).toMatch(/no upload with this upload token/);
    expect((await complete({ UploadToken: mine }, stranger)).fault).toMatch(/no upload with this upload token/);
    expect((await cancel(mine, stranger)).xml).toContain('nil="true"');
    expect((await status(mine)).get('State')).toBe('Started');
  });

  it('that are not base64 are refused and leave nothing', async () => {
    const token = await begin();
    const answer = await append(token, 0, 'QUJD####');
    expect(answer.status).toBe(400);
    expect((await status(token)).get('State')).toBe('Started');
  });

  it('with line breaks in their base64 are as good', async () => {
    const token = await begin();
    const base64 = ten.toString('base64');
    await append(token, 0, `\r\n ${base64.slice(0, 5)}\n${base64.slice(5)}&#13;\n`);
    expect((await complete({ UploadToken: token, SHA1Hash: sha1(ten) })).get('State')).toBe('Completed');
  });
});
