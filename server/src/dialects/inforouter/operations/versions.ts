import { success } from '../answers.js';
import { versionOf } from '../library/document.js';
import { ticketed } from '../operation.js';
import { versionElement, versionsElement } from '../shapes/version.js';
import { documentPath, versionNumber } from './parameters.js';
import { removing } from './removal.js';

export const GetDocumentVersions = ticketed({
  doc: 'Shows the versions of a document, the oldest first.',
  params: { Path: documentPath },
  run: async ({ Path }, { host, library }) => {
    const document = await host.ledger.read((facts) => library.needDocument(facts, Path));
    return success({ error: '' }, versionsElement(document));
  },
});

export const GetDocumentVersion = ticketed({
  doc: 'Shows one version of a document.',
  params: { Path: documentPath, VersionNumber: versionNumber },
  run: async ({ Path, VersionNumber }, { host, library }) => {
    const document = await host.ledger.read((facts) => library.needDocument(facts, Path));
    return success({ error: '' }, versionElement(versionOf(document, VersionNumber)));
  },
});

export const DeleteDocumentVersion = ticketed({
  doc: 'Deletes one version of a document, which must have others.',
  params: { DocumentPath: documentPath, VersionNumber: versionNumber },
  run: async ({ DocumentPath, VersionNumber }, context) => {
    const { library, caller } = context;
    await removing(context, (facts) => library.deleteVersion(facts, caller, DocumentPath, VersionNumber));
    return success();
  },
});

export const PublishDocument = ticketed({
  doc: 'Publishes a version of a document; 0 is the latest.',
  params: { DocumentPath: documentPath, VersionNumber: versionNumber },
  run: async ({ DocumentPath, VersionNumber }, { host, library, caller }) => {
    await host.ledger.transact((facts) => library.publish(facts, caller, DocumentPath, VersionNumber));
    return success({ error: '' });
  },
});
