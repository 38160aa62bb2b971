import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A setting of LibreOffice: where it lies, its name, its value. */
type Setting = readonly [path: string, name: string, value: string | number | boolean];

/**
 * What a document of a stranger must not do: run macros, fetch what it refers to, have its links brought up to date, or reach a
 * network: at the proxy that is set nobody listens.
 */
const guards: readonly Setting[] = [
  ['Office.Common/Security/Scripting', 'MacroSecurityLevel', 3],
  ['Office.Common/Security/Scripting', 'DisableMacrosExecution', true],
  ['Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', true],
  ['Office.Common/Security/Scripting', 'DisableActiveContent', true],
  ['Office.Writer/Content/Update', 'Link', 2],
  ['Office.WriterWeb/Content/Update', 'Link', 2],
  ['Office.Calc/Content/Update', 'Link', 2],
  ['Inet/Settings', 'ooInetProxyType', 1],
  ...['HTTP', 'HTTPS', 'FTP'].flatMap((kind): Setting[] => [
    ['Inet/Settings', `ooInet${kind}ProxyName`, '127.0.0.1'],
    ['Inet/Settings', `ooInet${kind}ProxyPort`, 9],
  ]),
];

const kindOf = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? 'xs:boolean' : typeof value === 'number' ? 'xs:int' : 'xs:string';

const item = ([path, name, value]: Setting): string =>
  `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse" oor:type="${kindOf(value)}"><value>${value}</value></prop></item>`;

/**
 * Makes a user's profile for LibreOffice within `folder`, which nobody used before and in which all doors are closed, and gives
 * the arguments that have LibreOffice start with it, without windows. `pdfA`: PDF files are PDF/A-1b.
 */
export const officeProfile = async (
  folder: string,
  { pdfA = false }: { readonly pdfA?: boolean } = {},
): Promise<string[]> => {
  const settings = [...guards, ['Office.Common/Filter/PDF/Export', 'SelectPdfVersion', pdfA ? 1 : 0] satisfies Setting];
  const profile = await mkdtemp(join(folder, 'profile-'));
  await mkdir(join(profile, 'user'));
  await writeFile(
    join(profile, 'user', 'registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${settings.map(item).join('\n')}
</oor:items>
`,
  );
  const installation = `-env:UserInstallation=${pathToFileURL(profile).href}`;
  return ['--headless', '--norestore', '--nolockcheck', '--nodefault', '--nologo', installation];
};
