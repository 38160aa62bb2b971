import type { Host } from '../../dialect.js';
import { type Showing, textIn } from '../../showing.js';
import { openFaxes } from '../faxes/open.js';
import { findFileTypes } from '../file-types.js';
import type { InterfaxOptions } from '../options.js';
import { openTasks } from './tasks.js';

/** What is told of uploads to InterFAX, and of faxes. A session's document has no name. */
export const showing = (host: Host, options: InterfaxOptions): Showing => ({
  name: ({ metadata }) => textIn(metadata, 'name'),
  intake: async () => ({ maxSize: options.maxUpload, endings: [...(await findFileTypes(options)).keys()] }),
  tasks: openTasks(host, options, openFaxes(host, { bytes: options.keepImages, record: options.keepFaxes })),
});
