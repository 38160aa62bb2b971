import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PdfMaker } from '../pdf-maker.js';

const setting = (path: string, name: string, value: string): string =>
  `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`;

/** A profile in which a document runs nothing, loads nothing that it refers to, and reaches no network. */
const profile = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">',
  setting('Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'),
  setting('Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'),
  setting('Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'),
  setting('Office.Writer/Content/Update', 'Link', '2'),
  setting('Office.Calc/Content/Update', 'Link', '2'),
  setting('Inet/Settings', 'ooInetProxyType', '1'),
  ...['HTTP', 'HTTPS', 'FTP'].flatMap((kind) => [
    setting('Inet/Settings', `ooInet${kind}ProxyName`, '127.0.0.1'),
    setting('Inet/Settings', `ooInet${kind}ProxyPort`, '9'),
  ]),
  '</oor:items>',
].join('\n');

/** Has LibreOffice make a PDF file, in a profile that nobody used before. */
export const office: PdfMaker = {
  types: 'doc dot docx xls xlsx ppt pptx odt ods odp odg odf odm rtf'.split(' '),
  toPdf: async ({ path, folder, run }) => {
    const own = await mkdtemp(join(folder, 'office-'));
    const user = join(own, 'profile', 'user');
    await mkdir(user, { recursive: true });
    await writeFile(join(user, 'registrymodifications.xcu'), profile);
    const flags = ['--headless', '--norestore', '--nolockcheck', '--nodefault', '--nologo'];
    const installation = `-env:UserInstallation=${pathToFileURL(join(own, 'profile')).href}`;
    await run([...flags, installation, '--convert-to', 'pdf', '--outdir', own, path]);
    return join(own, `${basename(path, extname(path))}.pdf`);
  },
};
