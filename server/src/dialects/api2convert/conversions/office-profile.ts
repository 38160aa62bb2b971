import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A setting of LibreOffice: where it lies, its name, its value. */
type Setting = readonly [path: string, name: string, value: string | number | boolean];

/** What a document of a stranger must not do: run macros, fetch what it refers to, or have its links brought up to date. */
const guards: readonly Setting[] = [
  ['Common/Security/Scripting', 'MacroSecurityLevel', 3],
  ['Common/Security/Scripting', 'DisableMacrosExecution', true],
  ['Common/Security/Scripting', 'BlockUntrustedRefererLinks', true],
  ['Common/Security/Scripting', 'DisableActiveContent', true],
  ['Writer/Content/Update', 'Link', 2],
  ['WriterWeb/Content/Update', 'Link', 2],
  ['Calc/Content/Update', 'Link', 2],
];

const kindOf = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? 'xs:boolean' : typeof value === 'number' ? 'xs:int' : 'xs:string';

const item = ([path, name, value]: Setting): string =>
  `<item oor:path="/org.openoffice.Office.${path}"><prop oor:name="${name}" oor:op="fuse" oor:type="${kindOf(value)}"><value>${value}</value></prop></item>`;

/** Makes a user's profile for LibreOffice in `folder`, of its own and with all doors closed. `pdfA`: PDF files are PDF/A-1b. */
export const makeOfficeProfile = async (folder: string, { pdfA }: { readonly pdfA: boolean }): Promise<void> => {
  const settings = [...guards, ['Common/Filter/PDF/Export', 'SelectPdfVersion', pdfA ? 1 : 0] satisfies Setting];
  await mkdir(join(folder, 'user'), { recursive: true });
  await writeFile(
    join(folder, 'user', 'registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${settings.map(item).join('\n')}
</oor:items>
`,
  );
};
