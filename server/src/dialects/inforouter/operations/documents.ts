import { text, type XmlOutElement } from '../../../wire/soap/index.js';
import { success } from '../answers.js';
import type { Context } from '../context.js';
import { versionOf } from '../library/document.js';
import type { Place } from '../library/paths.js';
import { ticketed } from '../operation.js';
import { anyPath, documentPath, folderPath } from './parameters.js';
import { removing } from './removal.js';

/** The answer for a document that is there: the checksums of its latest and of its published version. */
const existing = async ({ host, library }: Context, place: Place): Promise<XmlOutElement> => {
  const document = await host.ledger.read((facts) => library.needDocument(facts, place));
  const { latest, facts } = document;
  const published = facts.published === 0 ? undefined : versionOf(document, facts.published);
  return success({
    CRC32LASTVERSION: latest.digests.crc32 ?? '',
    CRC32: published?.digests.crc32 ?? '',
  });
};

export const DocumentExists = ticketed({
  doc: 'Says whether there is a document, and the CRC-32 of its latest and of its published version.',
  params: { Path: documentPath },
  run: ({ Path }, context) => existing(context, Path),
});

export const DocumentExists1 = ticketed({
  doc: 'Says whether there is a document of that name in a folder, and its checksums.',
  params: { FolderPath: folderPath, DocumentName: text() },
  run: ({ FolderPath, DocumentName }, context) => existing(context, { folder: FolderPath, name: DocumentName }),
});

export const DeleteDocument = ticketed({
  doc: 'Deletes a document with all of its versions.',
  params: { Path: documentPath },
  run: async ({ Path }, context) => {
    await removing(context, (facts) => context.library.deleteDocument(facts, context.caller, Path));
    return success();
  },
});

export const Move = ticketed({
  doc: 'Moves or renames a document or a folder.',
  params: { SourcePath: anyPath, DestinationPath: text({ doc: 'The full path, with the new name.' }) },
  run: async ({ SourcePath, DestinationPath }, { host, library, caller }) => {
    await host.ledger.transact((facts) => library.move(facts, caller, SourcePath, DestinationPath));
    return success({ error: '' });
  },
});

export const Copy = ticketed({
  doc: 'Copies the latest version of a document, or a folder with everything in it.',
  params: {
    SourcePath: anyPath,
    DestinationPath: text({ doc: 'The full path, with the new name; or ~F and the id of a folder.' }),
  },
  run: async ({ SourcePath, DestinationPath }, { host, library, caller }) => {
    await host.ledger.transact((facts) => library.copy(facts, caller, SourcePath, DestinationPath));
    return success();
  },
});
