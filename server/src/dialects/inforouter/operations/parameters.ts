import { flag, int, text } from '../../../wire/soap/index.js';

/** A document's path, or `~D12`. */
export const documentPath = text({ doc: 'The document’s path, /Library/Folder/Name, or ~D and its id.' });

/** A folder's path. */
export const folderPath = text({ doc: 'The folder’s path: /Library/Folder.' });

/** A path of either. */
export const anyPath = text({ doc: 'The path of a document or of a folder.' });

/** A packed version number. */
export const versionNumber = int({ doc: 'Major × 1000000 + minor × 1000 + revision; 0 is the published version.' });

/** Whether something more is to be shown. */
export const wanted = flag({ doc: 'Whether these are to be shown, too.' });
