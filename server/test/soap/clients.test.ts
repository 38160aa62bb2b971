import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import * as soap from 'soap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWith, lackingPhp, lackingZeep, python } from '../clients/needs.js';
import { serveSamples } from './sample.js';

let server: Awaited<ReturnType<typeof serveSamples>>;
beforeAll(async () => {
  server = await serveSamples();
});
afterAll(() => server.close());

const run = promisify(execFile);
const chunk = randomBytes(100_000);

describe.each([false, true])('node soap, SOAP 1.2: %s', (forceSoap12Headers) => {
  const connect = (path: string) => soap.createClientAsync(`${server.url}${path}?wsdl`, { forceSoap12Headers });
  const ask = async (client: soap.Client, operation: string, args: object) => {
    const [answer] = await client[`${operation}Async`](args);
    return answer;
  };

  test('ASMX habits', async () => {
    const client = await connect('/dfs.asmx');
    expect(await ask(client, 'StartFileUpload', { Username: 'zoë', Password: 'x' })).toEqual({
      StartFileUploadResult: 0,
      SessionID: 'abc',
    });
    expect(await ask(client, 'StartFileUpload', { Username: 'eve' })).toEqual({ StartFileUploadResult: -1003 });
    const Chunk = chunk.toString('base64');
    expect(await ask(client, 'UploadFileChunk', { IsLast: true, Chunk, SessionID: 'abc' })).toEqual({
      UploadFileChunkResult: chunk.length,
    });
    await expect(ask(client, 'StartFileUpload', { Password: 'boom' })).rejects.toThrow(/No <such> "password"\./);
  });

  test('WCF habits', async () => {
    const client = await connect('/Uploads/2014/07/SOAP/Basic/');
    expect(
      await ask(client, 'StartFileUpload', { args: { FileName: 'a.png', FileSize: 5_000_000_000 } }),
    ).toMatchObject({
      StartFileUploadResult: { FileName: 'a.png', FileSize: 5_000_000_000 },
    });
    expect(
      await ask(client, 'AppendChunk', { uploadToken: 'u1', data: chunk.toString('base64'), offset: chunk.length }),
    ).toEqual({ AppendChunkResult: true });
    await expect(ask(client, 'StartFileUpload', { args: {} })).rejects.toThrow(/did not specify a Reason/);
  });

  test('JAX-WS habits', async () => {
    const client = await connect('/jax3/DesktopApp');
    expect(await ask(client, 'login', { arg0: 'ann@example.org', arg1: 'x' })).toMatchObject({ return: '' });
    expect(
      await ask(client, 'getItems', { arg0: 'ann@example.org', arg1: 'x', arg2: 7, arg3: { item: [8] } }),
    ).toMatchObject({
      return: { item: [{ name: 'item 7' }, { name: 'item 8' }] },
    });
  });
});

describeWith('PHP SoapClient', lackingPhp(), () => {
  test('SOAP 1.1, and 1.2 with compressed requests', async () => {
    const script = `
    foreach ([SOAP_1_1, SOAP_1_2] as $version) {
      $options = ['soap_version' => $version, 'cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true];
      if ($version == SOAP_1_2) $options['compression'] = SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 5;
      $fax = new SoapClient($argv[1].'/dfs.asmx?WSDL', $options);
      $r = $fax->StartFileUpload(['Username' => 'zoë', 'Password' => 'x']);
      echo $r->StartFileUploadResult, ' ', $r->SessionID, "\\n";
      echo $fax->UploadFileChunk(['SessionID' => 'abc', 'Chunk' => str_repeat("\\0\\xff", 500000), 'IsLast' => true])->UploadFileChunkResult, "\\n";
      $content = new SoapClient($argv[1].'/Uploads/2014/07/SOAP/Basic/?wsdl', $options);
      $args = ['FileName' => 'a', 'FileSize' => 5000000000, 'ContentId' => 7, 'FileLastModifiedDate' => '2015-03-01T10:00:00Z'];
      $soapVar = new SoapVar((object)$args, SOAP_ENC_OBJECT, 'ContentUpdateArguments', 'Uploads.DTO.2014.07');
      $r = $content->StartFileUpload(['args' => $soapVar])->StartFileUploadResult;
      echo $r->FileSize, ' ', $r->ContentId, ' ', $r->StartTime, ' ', $r->MatchingFiles->ContentInfo->Id ?? $r->MatchingFiles->ContentInfo[0]->Id, "\\n";
      var_dump($content->GetFileUploadStatus(['uploadToken' => 'x'])->GetFileUploadStatusResult);
      try { $content->StartFileUpload(['args' => ['FileName' => '']]); }
      catch (SoapFault $f) { echo $f->getMessage(), ' ', $f->detail->FileUploadFault->Message, "\\n"; }
      if ($version == SOAP_1_2) continue;
      $desktop = new SoapClient($argv[1].'/jax3/DesktopApp?wsdl', $options);
      var_dump($desktop->login('ann@example.org', 'x'));
      echo json_encode($desktop->getItems('ann@example.org', 'x', 7, ['item' => [8, 9]])), "\\n";
      var_dump($desktop->forget());
      try { $desktop->getItems('eve', 'x', 7, []); }
      catch (SoapFault $f) { echo $f->faultcode, ' ', $f->detail->ApiException->details, "\\n"; }
    }`;
    const { stdout } = await run('php', ['-r', script, server.url]);
    const asked = [
      '0 abc',
      '1000000',
      '5000000000 7 2015-03-01T10:00:00Z 4711',
      'NULL',
      'The creator of this fault did not specify a Reason. File name must not be empty.',
    ];
    const desktop = [
      'string(0) ""',
      '{"item":[{"id":7,"name":"item 7"},{"id":8,"name":"item 8"},{"id":9,"name":"item 9"}]}',
      'NULL',
      'S:Server Wrong login',
    ];
    expect(stdout.trim().split('\n')).toEqual([...asked, ...desktop, ...asked]);
  });
});

describeWith('zeep', lackingZeep(), () => {
  test('SOAP 1.1 and 1.2', async () => {
    const script = `
import sys, zeep
url = sys.argv[1]
for twelve in (False, True):
    def connect(path, service, port):
        return zeep.Client(url + path + '?wsdl').bind(service, port)
    fax = connect('/dfs.asmx', 'InterFax', 'InterFaxSoap12' if twelve else 'InterFaxSoap')
    print(fax.StartFileUpload(Username='zoë', Password='x').SessionID)
    print(fax.UploadFileChunk('abc', b'\\0\\xff' * 500000, True))
    client = zeep.Client(url + '/Uploads/2014/07/SOAP/Basic/?wsdl')
    content = client.bind('ContentUploadService', ('WSHttpBinding_' if twelve else 'BasicHttpBinding_') + 'ContentUploadService')
    make = client.get_type('{Uploads.DTO.2014.07}ContentUpdateArguments')
    r = content.StartFileUpload(args=make(FileName='a', FileSize=5000000000, ContentId=7, FileThumb=b'1234', ContentType='Image'))
    print(r.FileSize, r.ContentId, r.MatchingFiles.ContentInfo[0].Id)
    print(content.AppendChunk('u1', b'12345', 5))
    try:
        content.StartFileUpload(args={'FileName': ''})
    except zeep.exceptions.Fault as fault:
        print(fault.message, fault.detail[0][0].text)
    desktop = connect('/jax3/DesktopApp', 'DesktopAppJax2Service', 'DesktopAppJax2Port12' if twelve else 'DesktopAppJax2Port')
    print(repr(desktop.login('ann@example.org', 'x')))
    print([each.name for each in desktop.getItems('ann@example.org', 'x', 7, {'item': [8]})])
    print(desktop.forget())
`;
    const { stdout } = await run(python, ['-c', script, server.url]);
    const asked = [
      'abc',
      '1000000',
      '5000000000 7 4711',
      'True',
      'The creator of this fault did not specify a Reason. File name must not be empty.',
      'None',
      "['item 7', 'item 8']",
      'None',
    ];
    expect(stdout.trim().split('\n')).toEqual([...asked, ...asked]);
  });
});
