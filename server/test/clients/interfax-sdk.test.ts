import { request } from 'node:http';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, expectPages, openDesk } from './interfax.js';

// The vendor's SDK for Node, the npm package `interfax`. It is there after `npm install --no-save interfax`.

/** What of the SDK is used here. */
interface Sdk {
  readonly deliver: (what: object) => Promise<{ readonly id: string }>;
  readonly outbound: {
    readonly find: (id: string) => Promise<{ readonly status: number; readonly pagesSent: number }>;
    readonly all: () => Promise<readonly { readonly id: number }[]>;
    readonly image: (id: string) => Promise<{ readonly save: (path: string) => void }>;
  };
  readonly documents: {
    readonly all: () => Promise<readonly object[]>;
    readonly find: (id: string) => Promise<object>;
  };
  readonly account: { readonly balance: () => Promise<number> };
  /** Where its requests go; of its own it knows one host. */
  readonly _client: { _https: object };
}

const need = createRequire(import.meta.url);

const load = (): (new (who: object) => Sdk) | undefined => {
  try {
    return need('interfax');
  } catch {
    process.stderr.write('Left out: the npm package interfax (it is not installed)\n');
    return undefined;
  }
};
const InterFax = load();

if (InterFax)
  describe(`interfax ${need('interfax/package.json').version}`, () => {
    let desk: Desk;
    beforeAll(async () => {
      desk = await openDesk();
    });
    afterAll(() => desk.remove());

    const sdkFor = ({ server, task }: Desk): Sdk => {
      const { login: username, password } = task('sdk');
      const sdk = new InterFax({ username, password });
      sdk._client._https = {
        request: (options: object) => request({ ...options, host: '127.0.0.1', port: server.port }),
      };
      return sdk;
    };

    it('sends a file in one request, and a bigger one in chunks', async () => {
      const sdk = sdkFor(desk);
      for (const file of [desk.file, desk.bigFile]) {
        const { image } = desk.task(basename(file));
        const { id } = await sdk.deliver({ faxNumber: '+442079460123', pageHeader: 'N', resolution: 'fine', file });
        let fax = await sdk.outbound.find(id);
        for (let turn = 0; turn < 600 && fax.status < 0; turn += 1) {
          await delay(100);
          fax = await sdk.outbound.find(id);
        }
        expect(fax).toMatchObject({ status: 0, pagesSent: 3 });
        (await sdk.outbound.image(id)).save(image);
        await expectPages(image);
      }
      expect(await sdk.outbound.all()).toMatchObject([{ id: 2 }, { id: 1 }]);
      expect(await sdk.documents.all()).toEqual([]);
      expect(await sdk.account.balance()).toBeGreaterThan(0);
    });

    it('is told in its own way what is refused', async () => {
      const sdk = sdkFor(desk);
      await expect(sdk.outbound.find('999')).rejects.toMatchObject({ code: -1005 });
      await expect(sdk.deliver({ faxNumber: 'nobody', file: desk.file })).rejects.toMatchObject({ code: -112 });
      await expect(sdk.documents.find('1')).rejects.toMatchObject({ code: -1062 });
    });
  });
