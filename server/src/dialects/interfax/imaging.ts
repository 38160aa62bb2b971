import { createReadStream } from 'node:fs';
import type { ByteBudget } from '../../kit/budget.js';
import type { Host } from '../dialect.js';
import type { Fax, FaxImage } from './faxes/fax.js';
import type { Faxes } from './faxes/faxes.js';
import { statuses } from './faxes/statuses.js';
import type { RenderedFax, Renderer, RenderOrder } from './rendering/renderer.js';
import { Withdrawn } from './transports/transport.js';

/** ms after which an image that was begun and never finished goes. */
const unfinishedLife = 60 * 60 * 1000;

/** What placeholders in a page header stand for, beside the numbers of pages. */
const headerValues = ({ recipient, settings, owner, id, submittedAt }: Fax): Readonly<Record<string, string>> => {
  const [date = '', time = ''] = new Date(submittedAt).toISOString().split('T');
  return {
    to: recipient.contact === '' ? recipient.number : recipient.contact,
    from: settings.csid === '' ? owner : settings.csid,
    faxnumber: recipient.number,
    contact: recipient.contact,
    csid: settings.csid,
    subject: settings.subject,
    transactionid: String(id),
    date,
    time: time.slice(0, 5),
  };
};

/**
 * Makes the images of faxes: has the documents rendered, and keeps the outcome as an object of the store. `slots`: one is
 * held by each fax that is being rendered.
 */
export const imaging = (
  { engine, ledger, clock }: Host,
  faxes: Faxes,
  renderer: Renderer,
  slots: ByteBudget,
): ((fax: Fax, signal: AbortSignal) => Promise<FaxImage>) => {
  const orderOf = (fax: Fax): RenderOrder => ({
    name: String(fax.id),
    settings: fax.settings,
    header: { template: fax.settings.pageHeader, values: headerValues(fax) },
    documents: fax.documents.map(({ object, offset, length, type }) => ({
      type,
      bytes: engine.readObject(object, { start: offset, end: offset + length }),
    })),
  });

  /** Keeps a rendered fax; throws `Withdrawn` where the fax is over by now. */
  const keep = async ({ id, owner }: Fax, { path, size, pages }: RenderedFax): Promise<FaxImage> => {
    const upload = await engine.open({
      dialect: 'interfax',
      owner,
      size,
      expiry: { at: clock.now() + unfinishedLife, sliding: null },
      chunkFollows: true,
    });
    const staged = await engine.stage(createReadStream(path), {
      upload: upload.id,
      offset: 0,
      keep: 'whole',
      length: size,
    });
    await engine.accept(staged, {
      last: true,
      finish: {
        record: async (facts, { id: object }) => await faxes.rendered(facts, id, { object, size, pages }),
      },
    });
    const image = (await ledger.read((facts) => faxes.find(facts, id)))?.image;
    if (!image) throw new Withdrawn('the fax is over');
    return image;
  };

  return async (fax, signal) => {
    await slots.take(1);
    try {
      signal.throwIfAborted();
      const image = await renderer.render(orderOf(fax), signal, (rendered) => keep(fax, rendered));
      if (!(await faxes.progress(fax.id, statuses.ready))) throw new Withdrawn('the fax is over');
      return image;
    } finally {
      slots.give(1);
    }
  };
};
