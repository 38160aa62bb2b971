import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClientAsync } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { output } from '../output.js';
import { type Desk, expectOutcome, type Outcome, openDesk, type Task } from './interfax.js';
import { describeWith, lacking, lackingPhp, lackingZeep, python } from './needs.js';

// SOAP clients of InterFAX, made from its WSDL or by hand (specs/interfax.md §10).

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.remove());

const programAt = (name: string) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

const run = async (command: string, program: string, task: Task & Readonly<Record<string, unknown>>) => {
  const said = await output(command, [programAt(program)], { input: JSON.stringify(task) });
  await expectOutcome(JSON.parse(said) as Outcome, task);
};

describeWith('zeep', lackingZeep(), () => {
  it.each(['InterFaxSoap', 'InterFaxSoap12'])('faxes by the port %s', (port) =>
    run(python, 'interfax.py', { ...desk.task(port), port }),
  );
});

describeWith('PHP SoapClient', lackingPhp(), () => {
  it.each(['1.1', '1.2'])('faxes by SOAP %s', (soapVersion) =>
    run('php', 'interfax.php', { ...desk.task(`php ${soapVersion}`), soapVersion }),
  );
});

describeWith('SOAP::Lite', lacking('/usr/bin/perl', ['-MSOAP::Lite', '-e', '1'], 'perl with SOAP::Lite'), () => {
  it('faxes without a WSDL', () => run('/usr/bin/perl', 'interfax.pl', { ...desk.task('perl') }));
});

describe('node soap', () => {
  it.each([false, true])('faxes, SOAP 1.2: %s', async (forceSoap12Headers) => {
    const task = desk.task(`node ${forceSoap12Headers}`);
    const client = await createClientAsync(task.wsdl, { forceSoap12Headers });
    const who = { Username: task.login, Password: task.password };
    const call = async (operation: string, parameters: object): Promise<Record<string, unknown>> => {
      const method: unknown = client[`${operation}Async`];
      if (typeof method !== 'function') throw new Error(`the WSDL has no ${operation}`);
      const [answer] = await Reflect.apply(method, client, [parameters]);
      return answer;
    };
    const number = async (operation: string, parameters: object): Promise<number> =>
      Number((await call(operation, parameters))[`${operation}Result`]);

    const { SessionID, StartFileUploadResult } = await call('StartFileUpload', who);
    expect(Number(StartFileUploadResult)).toBe(0);
    const chunk = (bytes: Buffer, IsLast = false) =>
      number('UploadFileChunk', { SessionID, Chunk: bytes.toString('base64'), IsLast });
    const [first, second] = task.sizes;
    const { document } = desk;
    const totals = [
      await chunk(document.subarray(0, first)),
      await chunk(document.subarray(first, first + second)),
      await chunk(document.subarray(first + second), true),
    ];
    const late = await chunk(Buffer.from('more'));
    const send = () =>
      number('SendfaxEx_2', {
        ...who,
        FaxNumbers: task.number,
        FilesData: '',
        FileTypes: 'PDF',
        FileSizes: `${document.length}/sessionID=${SessionID}`,
        // It makes an empty element of a date.
        Postpone: new Date(),
        RetriesToPerform: 2,
        PageHeader: 'N',
        PageSize: 'A4',
        PageOrientation: 'Portrait',
        IsHighResolution: true,
        IsFineRendering: false,
      });
    const transaction = await send();
    const look = async () => {
      const said = await call('FaxStatus', { ...who, LastTransactionID: transaction + 1, MaxItems: 1 });
      const { FaxItem } = said.FaxStatusResult as { FaxItem: readonly Outcome['item'][] };
      const [item] = FaxItem;
      if (!item) throw new Error('there is no such fax');
      return item;
    };
    let item = await look();
    for (let turn = 0; turn < 600 && Number(item.Status) < 0; turn += 1) {
      await delay(100);
      item = await look();
    }
    const image = await call('GetFaxImage', { ...who, TransactionID: transaction });
    await writeFile(task.image, Buffer.from(String(image.Image), 'base64'));
    await expectOutcome(
      {
        totals,
        late,
        transaction,
        item: {
          Status: Number(item.Status),
          PagesSent: Number(item.PagesSent),
          DestinationFax: item.DestinationFax,
        },
        fetched: Number(image.GetFaxImageResult),
        again: await send(),
      },
      task,
    );
  });
});
