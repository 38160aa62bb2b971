import { element } from '../../../wire/soap/index.js';
import { success } from '../answers.js';
import { open, ticketed } from '../operation.js';

export const ServerInfo = open({
  doc: 'Tells what server this is; asks for no ticket.',
  params: {},
  run: async (_args, { host, options, call }) => {
    const now = new Date(host.clock.now()).toISOString().slice(0, 19);
    return success({
      VersionNumber: options.serverVersion,
      // The server's own time is UTC.
      Server_date_time: now,
      Coordinated_Universal_Time: `${now}Z`,
      UTC_Offset: 0,
      Company: options.company,
      ServerName: new URL(call.exchange.origin).hostname,
      LicenseCount: '',
      SubscriptionEndDate: '',
      WindowsAuthenticationIsOn: false,
      WorkflowIsOn: false,
      AnonymousAccessIsOn: false,
      ComplianceModuleIsOn: false,
    });
  },
});

export const getApplicationParameters = ticketed({
  doc: 'Tells what the server allows, among it the largest document, in bytes (FILEUPLOADLIMIT).',
  params: {},
  run: async (_args, { options, call }) => {
    const parameters = {
      WEBDAV: 'FALSE',
      ALLOWEMAILATTACHMENTS: 'FALSE',
      ATTACHMENTSIZELIMIT: '0',
      APPLICATIONURL: `${call.exchange.origin}/`,
      SYSTEMEMAILADDRESS: '',
      INDEXSRV: 'FALSE',
      SEARCHPAGESIZE: '50',
      FILEUPLOADLIMIT: String(options.uploadLimit),
      ALLOWPARTIALEMAILUPLOADS: 'FALSE',
    };
    const children = Object.entries(parameters).map(([name, value]) => element(name, {}, value));
    return success({ error: '' }, element('PARAMETERS', {}, ...children));
  },
});
