import type { Folder } from '../../../services/catalog/catalog.js';
import { text, type XmlOutElement } from '../../../wire/soap/index.js';
import { success } from '../answers.js';
import { ticketed } from '../operation.js';
import { folderPath } from './parameters.js';
import { removing } from './removal.js';

const folderAnswer = ({ id, name }: Folder): XmlOutElement => success({ FolderId: id, FolderName: name });

export const CreateFolder = ticketed({
  doc: 'Makes a folder, and those above it that are missing; the library must be there.',
  params: { Path: folderPath },
  run: async ({ Path }, { host, library, caller }) =>
    folderAnswer(await host.ledger.transact((facts) => library.createFolder(facts, caller, Path))),
});

export const CreateFolder1 = ticketed({
  doc: 'Makes a folder with a description, in one that is there.',
  params: { ParentFolderPath: folderPath, NewFolderName: text(), Description: text() },
  run: async ({ ParentFolderPath, NewFolderName, Description }, { host, library, caller }) => {
    const spec = { folder: ParentFolderPath, name: NewFolderName, description: Description };
    return folderAnswer(await host.ledger.transact((facts) => library.createFolderIn(facts, caller, spec)));
  },
});

export const FolderExists = ticketed({
  doc: 'Says whether there is a folder.',
  params: { Path: folderPath },
  run: async ({ Path }, { host, library }) => {
    await host.ledger.read((facts) => library.needFolder(facts, Path));
    return success();
  },
});

export const FolderExists1 = ticketed({
  doc: 'Says whether there is a folder of that name in a folder.',
  params: { FolderPath: folderPath, FolderName: text() },
  run: async ({ FolderPath, FolderName }, { host, library }) => {
    await host.ledger.read((facts) => library.needFolder(facts, { folder: FolderPath, name: FolderName }));
    return success();
  },
});

export const DeleteFolder = ticketed({
  doc: 'Deletes a folder with everything in it; libraries stay.',
  params: { Path: folderPath },
  run: async ({ Path }, context) => {
    await removing(context, (facts) => context.library.deleteFolder(facts, context.caller, Path));
    return success();
  },
});
